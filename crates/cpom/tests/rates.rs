//! `cpom rates` as a statistician runs it, on the published test vectors of the method.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what does not work should stop it"
)]

use std::{
    env, fs,
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;

/// A file for one run, removed with the value.
struct File(PathBuf);

impl File {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = env::temp_dir().join(format!("cpom-{}-{name}.csv", std::process::id()));
        fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _left = fs::remove_file(&self.0);
    }
}

fn cpom(method: &str, file: &File) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cpom"))
        .args(["rates", method])
        .arg(&file.0)
        .arg("--json")
        .output()
        .unwrap()
}

fn answer(method: &str, file: &File) -> Vec<Value> {
    let output = cpom(method, file);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

const HEADER: &str =
    "territory;age_class;sex;population;cases;reference_population;reference_rate_per_1000\n";

#[test]
fn the_test_vectors_of_the_method_hold_to_four_decimals() {
    let classes = [
        ("0-14", 18_000, 900, 12_000_000, 45),
        ("15-44", 34_000, 3_400, 24_000_000, 90),
        ("45-64", 26_000, 3_900, 17_000_000, 140),
        ("65-74", 12_000, 3_000, 7_000_000, 230),
        ("75+", 10_000, 3_500, 6_000_000, 330),
    ];
    let lines = classes.map(|(class, people, cases, reference, rate)| {
        format!("Var-Est;{class};T;{people};{cases};{reference};{rate}\n")
    });
    let file = format!("{HEADER}{}Petit;T;T;1000;18;1000;12.5\n", lines.concat());
    let told = answer("compute", &File::new("vectors", file.as_bytes()));
    let figures = |place: usize| {
        let rate = &told[place];
        let figure = |name: &str| format!("{:.4}", rate[name].as_f64().unwrap());
        (
            rate["territory"].as_str().unwrap().to_owned(),
            [
                "crude",
                "direct",
                "expected",
                "index",
                "index_low",
                "index_high",
                "indirect",
            ]
            .map(figure),
        )
    };
    let small = [
        "18.0000", "18.0000", "12.5000", "1.4400", "0.8530", "2.2759", "18.0000",
    ];
    assert_eq!(figures(0), ("Petit".to_owned(), small.map(str::to_owned)));
    let worked = [
        "147.0000",
        "142.4242",
        "13570.0000",
        "1.0833",
        "1.0658",
        "1.1009",
        "142.3025",
    ];
    assert_eq!(
        figures(1),
        ("Var-Est".to_owned(), worked.map(str::to_owned))
    );
}

#[test]
fn no_small_count_and_nothing_that_gives_one_back_is_publishable() {
    let file = "row;column;count\na;x;4\na;y;120\nb;x;60\nb;y;200\nc;x;75\nc;y;300\n";
    let told = answer("suppress", &File::new("table", file.as_bytes()));
    // Three rows and two columns, with their totals.
    assert_eq!(told.len(), 12);
    let hidden = |row: &str, column: &str| {
        let cell = told
            .iter()
            .find(|cell| cell["row"] == row && cell["column"] == column)
            .unwrap();
        assert_eq!(cell["suppressed"], cell["count"].is_null());
        cell["suppressed"].as_bool().unwrap()
    };
    assert!(hidden("a", "x"));
    // Each line and column that hides one cell hides another.
    for row in ["a", "b", "c", "TOTAL"] {
        let count = ["x", "y", "TOTAL"]
            .iter()
            .filter(|column| hidden(row, column))
            .count();
        assert_ne!(count, 1, "{row}");
    }
    for column in ["x", "y", "TOTAL"] {
        let count = ["a", "b", "c", "TOTAL"]
            .iter()
            .filter(|row| hidden(row, column))
            .count();
        assert_ne!(count, 1, "{column}");
    }
    let mut shown = told.iter().filter_map(|cell| cell["count"].as_u64());
    assert!(shown.all(|count| count == 0 || count > 10));
}

/// Runs a method on lines under a header, and finds what it says.
fn is_refused(method: &str, name: &str, content: &[u8], said: &str) {
    let output = cpom(method, &File::new(&format!("{method}-{name}"), content));
    assert!(!output.status.success(), "{name}");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains(said), "{name}: {words}");
}

#[test]
fn a_file_that_cannot_be_computed_is_refused_with_its_place() {
    let good = "A;0-4;1;12;3;1000;10\n";
    for (name, lines, said) in [
        (
            "thousands",
            "A;0-4;1;12 000;3;1000;10\n",
            "line 2, population",
        ),
        ("twice", &format!("{good}{good}"), "line 3"),
        ("nan", "A;0-4;1;12;NaN;1000;10\n", "line 2, cases"),
        (
            "infinite",
            "A;0-4;1;12;3;1000;inf\n",
            "line 2, reference_rate_per_1000",
        ),
        (
            "huge",
            &format!("A;0-4;1;{};3;1000;10\n", "9".repeat(400)),
            "line 2, population",
        ),
        (
            "negative",
            "A;0-4;1;12;-3;1000;10\n",
            "line 2, cases: \"-3\" is negative",
        ),
        (
            "empty",
            &format!("{good}A;5-9;1;;3;1000;10\n"),
            "line 3, population",
        ),
        ("nobody", "A;0-4;1;0;3;1000;10\n", "line 2, population"),
        (
            "short",
            "A;0-4;1;12;3\n",
            "line 2: it has 5 fields and the header 7",
        ),
        (
            "total",
            &format!("{good}A;Total;1;12;3;1000;10\n"),
            "line 3, age_class",
        ),
        ("nothing", "", "has no line"),
        (
            "nameless",
            ";0-4;1;12;3;1000;10\n",
            "line 2: the territory is empty",
        ),
    ] {
        is_refused("compute", name, format!("{HEADER}{lines}").as_bytes(), said);
    }
    for (name, content, said) in [
        (
            "latin",
            &b"territory;age_class\nVar-\xC9st;0-4\n"[..],
            "line 2",
        ),
        ("columns", b"territory;cases\nA;3\n", "line 1"),
        ("column", b"territory;cases\nA;3\n", "no column age_class"),
        ("void", b"", "no column territory"),
    ] {
        is_refused("compute", name, content, said);
    }
    let doubled = HEADER.replace("sex", "cases");
    is_refused(
        "compute",
        "doubled",
        doubled.as_bytes(),
        "two columns cases",
    );
}

#[test]
fn a_table_that_cannot_be_suppressed_is_refused_with_its_place() {
    for (name, lines, said) in [
        ("negative", "a;x;-4\n", "line 2, count: \"-4\" is negative"),
        ("nan", "a;x;NaN\n", "line 2, count"),
        ("empty", "a;x;12\na;y;\n", "line 3, count"),
        ("part", "a;x;1.5\n", "line 2, count"),
        ("thousands", "a;x;1 200\n", "line 2, count"),
        (
            "total",
            "a;x;12\na;Total;12\n",
            "line 3: totals are computed",
        ),
        (
            "twice",
            "a;x;12\na;x;13\n",
            "line 3: this row and column stand twice",
        ),
        ("label", "a;;12\n", "line 2: a label is empty"),
        ("nothing", "", "has no line"),
    ] {
        let file = format!("row;column;count\n{lines}");
        is_refused("suppress", name, file.as_bytes(), said);
    }
    is_refused(
        "suppress",
        "column",
        b"row;count\na;1\n",
        "no column column",
    );
}
