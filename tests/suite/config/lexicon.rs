//! The words of `lexicon.toml`, as an editor writes them.

use std::fs;

use oncofeed::{
    edge::config::shipped_editorial,
    model::lexicon::Lexicon,
    pipeline::relevance::{Subject, score},
};

use super::{FEEDS, Files};

const OUTLETS: &str = "
[relevance]
relevant_from = 2.8

[relevance.outlets]
journal = { cancer = 1.0, medicine = 1.0, people = 0.0, other = 1.0, medicine_share = 0.5 }
trade = { cancer = 1.0, medicine = 1.0, people = 0.5, other = 1.0, medicine_share = 0.5 }
general = { cancer = 0.7, medicine = 1.2, people = 1.0, other = 1.0, medicine_share = 1.0 }
regulator = { cancer = 1.0, medicine = 1.0, people = 0.0, other = 1.0, medicine_share = 0.5 }
charity = { cancer = 1.0, medicine = 1.0, people = 0.5, other = 1.0, medicine_share = 0.5 }
unknown = { cancer = 1.0, medicine = 1.0, people = 0.5, other = 1.0, medicine_share = 0.5 }
";

const GROUP: &str = "
[[group]]
name = \"cancer\"
kind = \"cancer\"
title = 3
text = 1.5
text_most = 6.0
words = [\"Waldenström's\"]
";

const MEDICINES: &str = "
[[medicines]]
name = \"cancer medicine\"
kind = \"cancer\"
title = 3.0
text = 1.5
text_most = 4.5
names = [\"osimertinib, Tagrisso\"]
";

const NON_NEWS: &str = "
[[non_news]]
name = \"job advert\"
begins = [\"vacancy\"]
";

fn files(lexicon: &str) -> Files {
    let files = Files::new("", FEEDS);
    fs::write(files.folder.path().join("lexicon.toml"), lexicon).unwrap();
    files
}

fn value(title: &str, lexicon: &Lexicon) -> f64 {
    let subject = Subject {
        title,
        summary: "",
        categories: &[],
        outlet: None,
    };
    score(&subject, lexicon).value
}

#[test]
fn the_file_counts_in_the_place_of_the_copy() {
    let loaded = files(&[OUTLETS, GROUP, MEDICINES, NON_NEWS].concat())
        .load(&[])
        .unwrap();
    let lexicon = &loaded.editorial.lexicon;
    assert_eq!(value("Waldenström\u{2019}s disease", lexicon), 3.0);
    assert_eq!(value("TAGRISSO", lexicon), 3.0);
    assert_eq!(value("Lymphoma", lexicon), 0.0);
    assert!(value("Lymphoma", &shipped_editorial().unwrap().lexicon) > 2.8);
}

#[test]
fn faulty_words_are_named_and_mended() {
    let lexicon = [
        OUTLETS,
        GROUP,
        MEDICINES,
        NON_NEWS,
        "
[[group]]
name = \"more\"
kind = \"hints\"
title = 30.0
text = nan
text_most = -1.0
colour = \"red\"
words = [\"\", \"ab*\", \"a*b\", \"#\", \"!\", \"one two three four five six seven eight nine\", 5]

[[group]]
name = \"twice\"
kind = \"hint\"
title = 1.0
text = 1.0
text_most = 1.0
words = [\"tagrisso\", \"waldenström s\"]

[[medicines]]
name = \"others\"
kind = \"cancer\"
title = 1.0
text = 1.0
text_most = 1.0
names = []

[[non_news]]
name = \"advert\"
begin = [\"sponsored\"]
contains = [\"*\"]

[[gruop]]
name = \"x\"
",
    ];
    insta::assert_snapshot!("faulty_words", files(&lexicon.concat()).faults(&[]));
}

#[test]
fn a_lexicon_without_its_parts_is_refused() {
    insta::assert_snapshot!("empty_lexicon", files("").faults(&[]));
    let outlets = "[relevance]\nrelevant_from = 0\noutlets = { journal = { cancer = 9.0 }, blog = 1 }\n";
    let lexicon = [outlets, GROUP, MEDICINES, NON_NEWS].concat();
    insta::assert_snapshot!("faulty_outlets", files(&lexicon).faults(&[]));
}

/// An empty list would let nothing pass, and so empty every channel.
#[test]
fn a_list_of_nothing_or_of_no_tables_is_a_fault() {
    for (list, expect) in [
        ("group = []\n", "`group` is written as an empty list"),
        ("group = [\"lymphoma\"]\n", "`group` is written as text in quotes"),
    ] {
        let lexicon = format!("{list}{OUTLETS}{MEDICINES}{NON_NEWS}");
        let faults = files(&lexicon).load(&[]).unwrap_err().to_string();
        assert!(faults.contains(expect), "{faults}");
    }
    let labels = Files::new("", FEEDS);
    fs::write(labels.folder.path().join("labels.toml"), "site = []\nnews_type = []\n").unwrap();
    let faults = labels.load(&[]).unwrap_err().to_string();
    assert_eq!(faults.matches("an empty list").count(), 2, "{faults}");
}
