import JSON
import Testing

@testable import Pool

@Suite(.serialized) struct LogFormatTests {
    private let log = Log("stratum")
    private let time = UnixTime(milliseconds: 1_800_000_000_123)
    private let evil = "a \"b\"\n2027-01-15 08:00:00.000 err pool: forged"

    @Test func aLineOfTextCannotBeForged() {
        #expect(
            log.line(.warning, evil, at: time)
                == #"2027-01-15 08:00:00.123 wrn stratum: a "b"\xa2027-01-15 08:00:00.000 err pool: forged"#
        )
    }

    @Test func aLineOfJSONReadsBack() throws {
        Log.format = .json
        defer { Log.format = .text }
        let line = log.line(.warning, evil, at: time)
        #expect(!line.contains("\n"))
        let value = try JSONValue(parsing: Array(line.utf8))
        #expect(value == ["time": "2027-01-15T08:00:00.123Z", "level": "warning", "part": "stratum", "text": .string(Log.escaped(evil))])
    }

    @Test func levelsAreOrdered() { #expect(Log.Level.allCases == Log.Level.allCases.sorted()) }
}
