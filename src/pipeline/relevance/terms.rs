//! The terms, as data. Words in lower case without hyphens (`car t`), separated by commas; `*` stands for any rest,
//! so that plurals and both spellings are one entry where they can be.
//!
//! The weights were set by hand and held against labelled news. They are coarse on purpose: finer ones would only
//! describe the examples.

/// Terms that say the same, with what they are worth.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) title: f64,
    /// In a summary or a category.
    pub(super) text: f64,
    /// Most that all of them together are worth outside the title.
    pub(super) text_most: f64,
    /// Whether they say something only beside others.
    pub(super) context: bool,
    pub(super) terms: &'static str,
}

pub(super) const GROUPS: &[Group] = &[
    // The disease, its specialty and its treatments.
    Group {
        title: 3.0,
        text: 1.5,
        text_most: 6.0,
        context: false,
        terms: "
            cancer*, tumour*, tumor, tumors, tumoral, tumorigen*, neoplas*, preneoplas*, malignan*, carcino*,
            adenocarcinoma*, microcarcinoma*, sarcoma*, osteosarcoma*, liposarcoma*, rhabdomyosarcoma*, leukaemi*,
            leukemi*, lymphoma, lymphomas, myeloma*, melanoma*, glioma*, glioblastoma*, medulloblastoma*,
            neuroblastoma*, retinoblastoma*, nephroblastoma*, hepatoblastoma*, astrocytoma*, ependymoma*,
            meningioma*, mesothelioma*, thymoma*, seminoma*, craniopharyngioma*, schwannoma*, cholangiocarcinoma*,
            metasta*, oligometasta*, micrometasta*, prometasta*, nsclc, sclc, aml, dlbcl, mds, hcc, rcc, crpc, mcrpc,
            tnbc, dcis, mgus, myelodysplas*, myeloproliferative, myelofibrosis, mastocytosis, oncolog*, oncogen*,
            oncoprotein*, oncolytic, immunooncology, neurooncology, haematooncology, antitumour*, antitumor*,
            intratumour*, intratumor*, anticancer*, chemo*, radiotherap*, chemoradi*, radiochemo*, brachytherap*,
            reirradiat*, re irradiat*, sact, carcinogen*, mastectom*, lumpectom*, prostatectom*, macmillan, proton beam,
            barrett s oesophagus, barrett s esophagus, lynch syndrome, intraepithelial,
            cervical screening, bowel screening, bowel testing, breast screening, lung screening, smear test*, mammogra*",
    },
    // Drugs that treat little else, by name or stem.
    Group {
        title: 3.0,
        text: 1.5,
        text_most: 4.5,
        context: false,
        terms: "
            *ciclib, *rafenib, *parib, *zomib, *taxel, *platin, *rubicin, *leucel, *lutamide, *toclax, *rasib,
            *tuzumab, *limab, pembrolizumab, atezolizumab, tislelizumab, camrelizumab,
            nivolumab, durvalumab, avelumab, ipilimumab, tremelimumab, deruxtecan, vedotin, govitecan, mafodotin, temozolomide,
            capecitabine, fluorouracil, gemcitabine, pemetrexed, vincristine, vinorelbine, etoposide, irinotecan,
            topotecan, cyclophosphamide, ifosfamide, bendamustine, azacitidine, decitabine, lenalidomide,
            pomalidomide, tamoxifen, letrozole, anastrozole, exemestane, fulvestrant, abiraterone, imatinib,
            osimertinib, ibrutinib, rituximab, bevacizumab, cetuximab, daratumumab, keytruda, opdivo, tecentriq,
            imfinzi, enhertu, kadcyla, herceptin, tagrisso, ibrance, kisqali, verzenio, lynparza, xtandi, darzalex,
            tecvayli, carvykti, kymriah, yescarta, breyanzi, abecma",
    },
    // What nearly always, but not only, belongs to cancer.
    Group {
        title: 1.6,
        text: 0.8,
        text_most: 2.4,
        context: false,
        terms: "
            *tinib, car t, tcr t, pd 1, pd l1, pd 1xvegf, pd 1 vegf, ctla 4, tigit, her2, egfr, kras, braf, brca*, alk positive, bcma, cd19, psma,
            cdk4, claudin, trop2, tp53, p53, antibody drug conjugate*, adc, adcs, bispecific*, immunotherap*, checkpoint*,
            cell therap*, natural killer, nk cell*, radioligand*, radiopharma*, radiotherapeutic*, ctdna, circulating tumour, liquid biops*,
            colonoscop*, polyp, polyps, adenoma*, dysplas*, hpv, psa, palliative, hospice*, neutropeni*,
            cachexia, stem cell transplant*, bone marrow, asco, esmo, aacr, sabcs, neoadjuvant, adjuvant, resected,
            resection, pathology, carcinoid, radiation",
    },
    // Medicine, research, and those who pay for it.
    Group {
        title: 0.6,
        text: 0.3,
        text_most: 1.2,
        context: true,
        terms: "
            trial, trials, patients, treatment*, therap*, drug, drugs, study, research*, scientists, phase, fda, ema,
            mhra, nice, chmp, nhs, approv*, survival, screening, diagnos*, clinical, clinician*, mutation*, gene,
            genes, genom*, cell, cells, biomarker*, resistance, inhibitor*, prognos*, randomised, randomized,
            guideline*, vaccine*, waiting, early, risk, surgery, toxicity, prevention, mechanism*",
    },
    // Somebody's illness, not medicine.
    Group {
        title: -1.6,
        text: -0.8,
        text_most: 4.0,
        context: false,
        terms: "
            dies, died, dead, death of, dying, obituary, tribute*, funeral, mourn*, widow*, battle with, battling, battle,
            actor, actress, singer, star, stars, celebrit*, soap, movie, film, tv, rapper, royal, duchess, prince, princess,
            footballer, cricketer, player, coach, olympic*, league, cup, season, champion*, husband, wife, mum, mom,
            dad, mother, father, son, daughter, sister, brother, boyfriend, girlfriend, fiance*, wedding, married,
            grandmother, grandfather, toddler, teen, teenager, couple, friend, friends, beloved, survivor, sufferer,
            crowdfund*, fundrais*, raises, donat*, charity, gofundme, police, jailed, jail, court, sues, sued, lawyer,
            murder, fraud*, faked, stole, convicted, opens up, heartbreak*, tears, emotional,
            devastat*, brave, fans, instagram, tiktok, youtuber, president, minister, justice, queen, king, mayor, chairman,
            podcast, episode, band, album, concert, tour, undergoing chemo*,
            beat cancer, beating cancer, her cancer, his cancer, hospitalised, hospitalized, schoolgirl, schoolboy, woman, man, boy, girl",
    },
    // Companies, not medicines.
    Group {
        title: -1.2,
        text: -0.5,
        text_most: 2.0,
        context: false,
        terms: "
            shares, stock, stocks, earnings, revenue*, sales, ipo, ipos, layoff*, appoints, appointed, ceo, cfo,
            quarter, quarterly, investor*, series a, series b, series c, biosimilar*, humira, tariff*",
    },
    // Other diseases.
    Group {
        title: -2.0,
        text: -0.8,
        text_most: 2.4,
        context: false,
        terms: "
            autoimmune, sclerosis, arthritis, lupus, psoria*, alopecia, dermatitis, eczema, crohn*, asthma,
            copd, diabet*, obesity, alzheimer*, parkinson*, dementia, migraine, hiv,
            influenza, malaria, haemophilia, hemophilia, cystic fibrosis, gen nov, sp nov, dog, dogs, cat, cats, pets,
            dinosaur*, hadrosaur*",
    },
    // Where the words mean something else.
    Group {
        title: -9.0,
        text: -4.0,
        text_most: 9.0,
        context: false,
        terms: "
            horoscope*, zodiac*, astrolog*, tropic of cancer, a cancer on, is a cancer, cancer of society,
            cancer in our society, tumour in our, tumor in our, market size, market share, market report, cagr, market to reach",
    },
];
