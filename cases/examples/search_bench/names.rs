//! Names and addresses as frequent as in real life: a few surnames that many have, and many that few have.

/// Frequent German surnames, the most frequent first.
const SURNAMES: &str = "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer \
    Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz \
    Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz \
    Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke \
    Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel \
    Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt \
    Sauer Arnold Wolff Pfeiffer";

/// Frequent first names.
const FIRST_NAMES: &str = "Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Günter Stefan Christian Uwe Werner Horst \
    Frank Dieter Manfred Gerhard Hans Bernd Torsten Mathias Helmut Walter Heinz Martin Jörg Rolf Jens Sven Alexander \
    Maria Ursula Monika Petra Elisabeth Sabine Renate Helga Karin Brigitte Ingrid Erika Andrea Gisela Claudia Susanne \
    Gabriele Christa Christine Hildegard Anna Birgit Barbara Gertrud Heike Marianne Elke Martina Angelika Irmgard";

/// Frequent cities.
const CITIES: &str = "Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen Bremen Dresden \
    Hannover Nürnberg Duisburg Bochum Wuppertal Bielefeld Bonn Münster Mannheim Karlsruhe Augsburg Wiesbaden";

const BEGINNINGS: &str = "Al Bar Ber Bla Bor Bran Bru Dam Der Dor Eb Eg Eich El Fal Fel Fin Ger Gol Gra Gro Hag Hal Han \
    Has Heid Hel Hil Hol Hub Ib Kal Kan Kel Kir Kle Kol Kor Kra Krie Lam Lan Leh Lin Lud Mar Mat Mei Mor Nag Neu Nie Ober \
    Ost Pet Pfa Pol Rad Ram Rei Rie Rit Rom Ros Rup Sal San Schar Schel Schön Schwe See Ses Sie Stei Stra Tan Tel Tie \
    Tra Ul Ur Vol Wal War Wei Wen Wie Wil Win Zan Zei Zie";

const MIDDLES: &str = "a be ber de del der e fel ge gel gen i in ke kel le len li lin ma me men min na ne ni o ra re ren \
    ri sa sel sen ta te ten ter ti tel ul we zel zen";

const ENDINGS: &str = "ach bach bauer beck berg brecht burg dorf er feld hardt haus hofer ing ke kamp ler lich ling mann \
    meier meister müller ner nitz old owski pert rich roth sch ski stein thal tner vogel wald weiler wig zer";

const TRADES: &str = "Bau Handel Logistik Technik Elektro Möbel Auto Reisen Druck Metall Garten Immobilien Transporte \
    Gebäudereinigung Maschinenbau Gastronomie";

const FORMS: &str = "GmbH AG OHG KG G.m.b.H. GbR";

/// A debtor that is the same whenever it is asked for.
pub(crate) struct Debtor {
    pub(crate) number: String,
    pub(crate) company: Option<String>,
    pub(crate) first: Option<String>,
    pub(crate) last: Option<String>,
    pub(crate) street: String,
    pub(crate) house: String,
    pub(crate) postcode: String,
    pub(crate) city: String,
}

/// The lists, split.
pub(crate) struct Names {
    surnames: Vec<&'static str>,
    first_names: Vec<&'static str>,
    cities: Vec<&'static str>,
    syllables: [Vec<&'static str>; 3],
    trades: Vec<&'static str>,
    forms: Vec<&'static str>,
}

/// Random numbers of one seed.
struct Random(u64);

impl Random {
    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or_default()
    }

    /// Below `end`, small numbers as much more often as the first surname is than the hundredth.
    fn ranked(&mut self, end: usize) -> usize {
        let part = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let place = ((end as f64 + 1.0).powf(part) - 1.0) as usize;
        place.min(end - 1)
    }
}

impl Names {
    pub(crate) fn new() -> Self {
        let split = |text: &'static str| text.split_ascii_whitespace().collect::<Vec<_>>();
        Self {
            surnames: split(SURNAMES),
            first_names: split(FIRST_NAMES),
            cities: split(CITIES),
            syllables: [split(BEGINNINGS), split(MIDDLES), split(ENDINGS)],
            trades: split(TRADES),
            forms: split(FORMS),
        }
    }

    /// A number that is the same for the same seed.
    pub(crate) fn random(&self, seed: u64) -> u64 {
        Random(seed).next()
    }

    /// One of the most frequent surnames.
    pub(crate) fn frequent(&self, round: usize) -> String {
        self.surnames[round % 20].to_owned()
    }

    /// One of some 200,000 made-up names, the first ones more often.
    fn made_up(&self, random: &mut Random) -> String {
        let [beginnings, middles, endings] = &self.syllables;
        let place = random.ranked(beginnings.len() * middles.len() * endings.len());
        // Neighbours in rank are no neighbours in spelling.
        let mixed = place.wrapping_mul(7_919) % (beginnings.len() * middles.len() * endings.len());
        let beginning = beginnings[mixed % beginnings.len()];
        let rest = mixed / beginnings.len();
        format!(
            "{beginning}{}{}",
            middles[rest % middles.len()],
            endings[rest / middles.len()]
        )
    }

    fn surname(&self, random: &mut Random) -> String {
        // The hundred most frequent surnames are those of about one in eight.
        if random.below(8) == 0 {
            self.surnames[random.ranked(self.surnames.len())].to_owned()
        } else {
            self.made_up(random)
        }
    }

    fn first_name(&self, random: &mut Random) -> String {
        match random.below(5) {
            0 => {
                let [beginnings, middles, _] = &self.syllables;
                format!(
                    "{}{}",
                    beginnings[random.below(beginnings.len())],
                    middles[random.below(middles.len())]
                )
            }
            _ => self.first_names[random.ranked(self.first_names.len())].to_owned(),
        }
    }

    fn city(&self, random: &mut Random) -> String {
        if random.below(3) == 0 {
            return self.cities[random.ranked(self.cities.len())].to_owned();
        }
        // Some ten thousand places.
        let mut place = Random(random.ranked(10_000) as u64);
        self.made_up(&mut place)
    }

    /// The debtor of this number.
    pub(crate) fn debtor(&self, id: u64) -> Debtor {
        let mut random = Random(id.wrapping_mul(0x5851_f42d_4c95_7f2d));
        let company = random.below(8) == 0;
        let surname = self.surname(&mut random);
        let (company, first, last) = if company {
            let trade = self.trades[random.below(self.trades.len())];
            let form = self.forms[random.ranked(self.forms.len())];
            (Some(format!("{surname} {trade} {form}")), None, None)
        } else {
            (None, Some(self.first_name(&mut random)), Some(surname))
        };
        let street = match random.below(4) {
            0 => "Hauptstraße".to_owned(),
            1 => format!("{}weg", self.made_up(&mut random)),
            _ => format!("{}straße", self.made_up(&mut random)),
        };
        Debtor {
            number: format!("D{id:09}"),
            company,
            first,
            last,
            street,
            house: (1 + random.ranked(150)).to_string(),
            postcode: format!("{:05}", 1_067 + 11 * random.below(8_000)),
            city: self.city(&mut random),
        }
    }
}
