//! The words in dates: months and zones. Names of weekdays mean nothing, but must not be taken for months.

/// What a word in a date means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// 1 to 12.
    Month(i8),
    /// AM or PM; true is the afternoon.
    Half(bool),
    /// Minutes east of Greenwich.
    Zone(i16),
    /// A place whose clock changes in summer.
    Place(&'static str),
}

/// The longest word that means something is "septiembre".
const WORD_CHARS_MAX: usize = 12;

pub(super) fn meaning(letters: &str) -> Option<Word> {
    let word: String = letters
        .chars()
        .take(WORD_CHARS_MAX)
        .flat_map(char::to_lowercase)
        .map(bare)
        .collect();
    match word.as_str() {
        "am" => return Some(Word::Half(false)),
        "pm" => return Some(Word::Half(true)),
        _ => {}
    }
    if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some(Word::Zone(*minutes));
    }
    if let Some((_, place)) = PLACES.iter().find(|(name, _)| *name == word) {
        return Some(Word::Place(place));
    }
    month(&word).map(Word::Month)
}

/// "mar" is March in six languages, and Tuesday in three of them.
pub(super) fn is_perhaps_tuesday(letters: &str) -> bool {
    letters.eq_ignore_ascii_case("mar")
}

/// The beginnings of the months' names in English, French, German, Spanish, Portuguese and Italian. Where a weekday
/// begins in the same way (martes, mardi, martedì), the names are whole.
fn month(word: &str) -> Option<i8> {
    const BEGINNINGS: [&[&str]; 12] = [
        &["jan", "jän", "ene", "gen"],
        &["feb", "fev"],
        &[],
        &["apr", "avr", "abr"],
        &["mai", "may", "mag"],
        &["jun", "juin", "giu"],
        &["jul", "juil", "lug"],
        &["aug", "aou", "ago"],
        &["sep", "set"],
        &["oct", "okt", "ott", "out"],
        &["nov"],
        &["dec", "dez", "dic"],
    ];
    const MARCH: [&str; 9] = ["mar", "march", "mars", "marz", "marzo", "marco", "mrz", "maerz", "maer"];
    if MARCH.contains(&word) {
        return Some(3);
    }
    let begins = |names: &&[&str]| names.iter().any(|name| word.starts_with(name));
    (1..)
        .zip(BEGINNINGS)
        .find(|(_, names)| begins(names))
        .map(|(number, _)| number)
}

/// The letter without its accent, as far as months have any.
fn bare(letter: char) -> char {
    match letter {
        'á' | 'à' | 'ä' | 'â' | 'ã' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'ì' => 'i',
        'ó' | 'ò' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    }
}

/// Zone names and minutes east of Greenwich. BST is British, IST Indian, CST American: what feeds mean by them.
const ZONES: [(&str, i16); 61] = [
    ("z", 0),
    ("gmt", 0),
    ("ut", 0),
    ("utc", 0),
    ("wet", 0),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("met", 60),
    ("mez", 60),
    ("wat", 60),
    ("cest", 120),
    ("mest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("sast", 120),
    ("cat", 120),
    ("eest", 180),
    ("msk", 180),
    ("eat", 180),
    ("idt", 180),
    ("msd", 240),
    ("gst", 240),
    ("pkt", 300),
    ("ist", 330),
    ("npt", 345),
    ("ict", 420),
    ("wib", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("awst", 480),
    ("pht", 480),
    ("myt", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("aest", 600),
    ("acdt", 630),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("brst", -120),
    ("ndt", -150),
    ("brt", -180),
    ("art", -180),
    ("adt", -180),
    ("clst", -180),
    ("nst", -210),
    ("ast", -240),
    ("clt", -240),
    ("edt", -240),
    ("est", -300),
    ("cdt", -300),
    ("pet", -300),
    ("cst", -360),
    ("mdt", -360),
    ("mst", -420),
    ("pdt", -420),
    ("pst", -480),
    ("akdt", -480),
    ("akst", -540),
];

/// American press offices name the zone without saying which half of the year it is.
const PLACES: [(&str, &str); 5] = [
    ("et", "America/New_York"),
    ("ct", "America/Chicago"),
    ("mt", "America/Denver"),
    ("pt", "America/Los_Angeles"),
    ("hst", "Pacific/Honolulu"),
];
