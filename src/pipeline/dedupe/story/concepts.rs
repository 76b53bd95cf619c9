//! Words and phrases that stand for one and the same in news of medicine: `authorises` and `gets green light`, `Tagrisso`
//! and `osimertinib`.
//!
//! Each table is whole classes of words: what belongs into a class that is here needs no code.

use std::{collections::HashMap, sync::LazyLock};

use super::words::{stem, weight, words};

/// What happens in a piece of news, and at which stage: two pieces that tell of different ones are two stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Event {
    Approval,
    Rejection,
    Opinion,
    Filing,
    Withdrawal,
    Start,
    Result,
    Failure,
    Warning,
    Deal,
    Funding,
    Lawsuit,
    Settlement,
    Death,
    Tribute,
    Hospital,
    Layoffs,
    Appointment,
    Price,
    Inquiry,
    Dismissal,
    Charge,
    Sentence,
}

impl Event {
    /// Whether it is decided, and so may be planned, expected and refused.
    pub(super) fn is_decision(self) -> bool {
        matches!(
            self,
            Self::Approval
                | Self::Settlement
                | Self::Deal
                | Self::Opinion
                | Self::Withdrawal
                | Self::Rejection
                | Self::Filing
                | Self::Start
        )
    }
}

const EVENTS: [(Event, f32, &str); 23] = [
    (
        Event::Approval,
        5.0,
        "approve approval authorize authorise authorization authorisation clear clearance nod allow permit greenlight okay licensed",
    ),
    (
        Event::Rejection,
        5.0,
        "reject rejection refuse refusal decline deny spurn snub crl",
    ),
    (
        Event::Opinion,
        4.0,
        "recommend recommendation opinion chmp back endorse advise guidance",
    ),
    (Event::Filing, 5.0, "submit submission file filing application"),
    (
        Event::Withdrawal,
        4.0,
        "revoke withdraw withdrawal pull recall suspend suspension terminate halt scrap discontinue pause end",
    ),
    (
        Event::Start,
        4.0,
        "begin start dose launch enrol enroll initiate inject recruit enter kick",
    ),
    (
        Event::Result,
        3.0,
        "result data readout endpoint find found show shown finding reveal outcome report study suggest",
    ),
    (Event::Failure, 5.0, "fail failure miss flop disappoint setback"),
    (Event::Warning, 5.0, "warn warning caution alert"),
    (
        Event::Deal,
        5.0,
        "buy acquire acquisition buyout takeover deal merge merger license licensing partner partnership alliance pact collaboration venture purchase snap",
    ),
    (
        Event::Funding,
        5.0,
        "raise funding financing ipo fundraise series secure investor bank haul",
    ),
    (
        Event::Lawsuit,
        5.0,
        "sue lawsuit antitrust allegation accuse suit complaint",
    ),
    (Event::Settlement, 5.0, "settle settlement"),
    (Event::Death, 5.0, "die died dies dead death"),
    (
        Event::Tribute,
        5.0,
        "tribute react reaction honor honour mourn legacy funeral remember obituary masterpiece",
    ),
    (
        Event::Hospital,
        5.0,
        "hospitalize hospitalise hospitalized hospital admitted",
    ),
    (
        Event::Layoffs,
        5.0,
        "layoff layoffs restructuring restructure workforce",
    ),
    (
        Event::Appointment,
        4.0,
        "appoint name hire resign oust successor nominate nominee nomination",
    ),
    (Event::Price, 5.0, "price pricing"),
    (Event::Inquiry, 5.0, "investigate investigation probe inquiry inquest"),
    (Event::Dismissal, 5.0, "fired sack sacked dismiss dismissal"),
    (Event::Charge, 5.0, "charged arrest indict indictment"),
    (
        Event::Sentence,
        5.0,
        "convict conviction sentence acquit verdict guilty jail",
    ),
];

/// What a word stands for, and every word that does.
const SYNONYMS: [&str; 23] = [
    "tumor tumour cancer cancerous carcinoma oncology malignant malignancy",
    "drug medicine medication treatment therapy pill jab shot injection therapeutic inhibitor",
    "blood leukaemia leukemia lymphoma myeloma haematological",
    "kidney renal",
    "liver hepatic hepatocellular",
    "brain glioma glioblastoma",
    "breast mammary",
    "bowel colorectal colon rectal",
    "skin melanoma",
    "lung pulmonary nsclc",
    "vaccine vaccination immunization immunisation",
    "women woman female",
    "men man male",
    "child children paediatric pediatric kid young",
    "mutation mutant variant",
    "mouse mice murine",
    "gene genetic genomic genome dna",
    "stop skip omit omission avoid spare",
    "fast quick rapid faster speed sped accelerate",
    "ultraviolet sun sunlight",
    "company firm drugmaker biotech pharma pharmaceutical biopharma",
    "job employee staff worker",
    "government minister ministry",
];

/// Cancer medicines: the non-proprietary name, and its brands.
const MEDICINES: [&str; 40] = [
    "osimertinib tagrisso",
    "pembrolizumab keytruda",
    "nivolumab opdivo",
    "ipilimumab yervoy",
    "atezolizumab tecentriq",
    "durvalumab imfinzi",
    "avelumab bavencio",
    "cemiplimab libtayo",
    "dostarlimab jemperli",
    "trastuzumab herceptin",
    "pertuzumab perjeta",
    "palbociclib ibrance",
    "ribociclib kisqali",
    "abemaciclib verzenio verzenios",
    "olaparib lynparza",
    "niraparib zejula",
    "talazoparib talzenna",
    "enzalutamide xtandi",
    "apalutamide erleada",
    "darolutamide nubeqa",
    "abiraterone zytiga",
    "ibrutinib imbruvica",
    "acalabrutinib calquence",
    "zanubrutinib brukinsa",
    "venetoclax venclexta venclyxto",
    "daratumumab darzalex",
    "lenalidomide revlimid",
    "epcoritamab epkinly tepkinly",
    "glofitamab columvi",
    "teclistamab tecvayli",
    "ciltacabtagene carvykti",
    "idecabtagene abecma",
    "axicabtagene yescarta",
    "tisagenlecleucel kymriah",
    "sotorasib lumakras lumykras",
    "adagrasib krazati",
    "capivasertib truqap",
    "alpelisib piqray",
    "lutetium pluvicto",
    "vepdegestrant",
];

/// Phrases of several words, and what they are read as.
const PHRASES: [(&str, &str); 58] = [
    ("u s", "us"),
    ("u s a", "us"),
    ("usa", "us"),
    ("united states", "us"),
    ("american", "us"),
    ("americans", "us"),
    ("united kingdom", "uk"),
    ("britain", "uk"),
    ("british", "uk"),
    ("u k", "uk"),
    ("f d a", "fda"),
    ("food and drug administration", "fda"),
    ("us food and drug administration", "fda"),
    ("us regulator", "fda"),
    ("us regulators", "fda"),
    ("european commission", "ec"),
    ("european medicines agency", "ema"),
    ("national institute for health and care excellence", "nice"),
    ("national health service", "nhs"),
    ("covid 19", "covid"),
    ("sars cov 2", "covid"),
    ("coronavirus", "covid"),
    ("coronaviruses", "covid"),
    ("novel coronavirus", "covid"),
    ("passes away", "dies"),
    ("passed away", "died"),
    ("complete response letter", "rejects"),
    ("turns down", "rejects"),
    ("turned down", "rejects"),
    ("green light", "approves"),
    ("green lights", "approves"),
    ("go ahead", "approves"),
    ("weight loss", "obesity"),
    ("lay off", "layoffs"),
    ("lays off", "layoffs"),
    ("laid off", "layoffs"),
    ("laying off", "layoffs"),
    ("job cuts", "layoffs"),
    ("cuts jobs", "layoffs"),
    ("late stage", "phase3"),
    ("phase 3", "phase3"),
    ("phase iii", "phase3"),
    ("ph 3", "phase3"),
    ("mid stage", "phase2"),
    ("phase 2", "phase2"),
    ("phase ii", "phase2"),
    ("early stage", "phase1"),
    ("phase 1", "phase1"),
    ("phase i", "phase1"),
    ("initial public offering", "ipo"),
    ("high court", "supreme court"),
    ("central nervous system", "brain"),
    ("cns", "brain"),
    ("under the skin", "subcutaneous"),
    ("subq", "subcutaneous"),
    ("sub q", "subcutaneous"),
    ("injectable version", "subcutaneous injection"),
    ("c e o", "ceo"),
];

/// Phrases longer than this are none of ours.
const PHRASE_WORDS_MAX: usize = 8;

/// A word of a text by what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Concept {
    /// Its stem, its class's first word, or its event's name.
    pub(super) name: String,
    pub(super) weight: f32,
    pub(super) event: Option<Event>,
}

struct Tables {
    events: HashMap<String, (Event, f32)>,
    synonyms: HashMap<String, (String, f32)>,
    phrases: HashMap<&'static str, Vec<(Vec<&'static str>, &'static str)>>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    events: events(),
    synonyms: synonyms(),
    phrases: phrases(),
});

fn events() -> HashMap<String, (Event, f32)> {
    let entry = |(event, weight, names): (Event, f32, &'static str)| {
        names.split_whitespace().map(move |word| (stem(word), (event, weight)))
    };
    EVENTS.into_iter().flat_map(entry).collect()
}

/// A class says as little as the most common of its words.
fn synonyms() -> HashMap<String, (String, f32)> {
    let mut synonyms = HashMap::new();
    for class in SYNONYMS.into_iter().chain(MEDICINES) {
        let stems: Vec<_> = class.split_whitespace().map(stem).collect();
        let least = stems.iter().map(|stem| weight(stem)).fold(f32::MAX, f32::min);
        for stem in &stems {
            synonyms
                .entry(stem.clone())
                .or_insert_with(|| (stems[0].clone(), least));
        }
    }
    synonyms
}

fn phrases() -> HashMap<&'static str, Vec<(Vec<&'static str>, &'static str)>> {
    let mut phrases: HashMap<_, Vec<_>> = HashMap::new();
    for (phrase, reading) in PHRASES {
        let words: Vec<_> = phrase.split(' ').collect();
        phrases.entry(words[0]).or_default().push((words, reading));
    }
    for with_one_start in phrases.values_mut() {
        with_one_start.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    phrases
}

/// The words of a text in their order, each as what it stands for.
pub(super) fn concepts(text: &str) -> Vec<Concept> {
    read(words(text)).iter().map(|word| concept(word)).collect()
}

/// With each phrase as what it is read as; the longest one where several begin at a word.
fn read(words: Vec<String>) -> Vec<String> {
    let mut read = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let rest = &words[at..words.len().min(at + PHRASE_WORDS_MAX)];
        let starts = |(phrase, _): &&(Vec<&str>, &str)| {
            rest.len() >= phrase.len() && phrase.iter().zip(rest).all(|(a, b)| a == b)
        };
        let found = TABLES
            .phrases
            .get(words[at].as_str())
            .and_then(|phrases| phrases.iter().find(starts));
        match found {
            Some((phrase, reading)) => {
                read.extend(reading.split(' ').map(str::to_owned));
                at += phrase.len();
            }
            None => {
                read.push(words[at].clone());
                at += 1;
            }
        }
    }
    read
}

fn concept(word: &str) -> Concept {
    let stem = stem(word);
    if let Some((event, weight)) = TABLES.events.get(&stem) {
        return Concept {
            name: format!("@{event:?}"),
            weight: *weight,
            event: Some(*event),
        };
    }
    let (name, weight) = match TABLES.synonyms.get(&stem) {
        Some((name, weight)) => (name.clone(), *weight),
        None => {
            let weight = weight(&stem);
            (stem, weight)
        }
    };
    Concept {
        name,
        weight,
        event: None,
    }
}
