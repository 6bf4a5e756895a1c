import JSON
import Testing

@Suite("A pool under attack", .serialized)
struct AttackTests {
    /// `poolbench attack` for a few seconds. Times on a busy machine say little, so they are held loosely; all else is not.
    @Test("loses no honest miner, no session, and little memory", .timeLimit(.minutes(3)))
    func attack() throws {
        let (status, output) = try Programs.run(
            "poolbench",
            ["attack", "--honest", "200", "--attackers", "78", "--seconds", "2", "--rounds", "3", "--slower", "50", "--json"]
        )
        let report = try #require(try? JSONValue(parsing: Array(output.utf8)), "\(output)")
        for check in report["checks"]?.array ?? [] { #expect(check["verdict"] == "holds", "\(check.text())") }
        #expect(status == 0)
        // Every kind of attacker was there and did its worst.
        let kinds = report["attackers"]?.array ?? []
        #expect(kinds.count == 13)
        for kind in kinds {
            #expect(kind["connections"]?.integer ?? 0 >= 6, "\(kind.text())")
        }
        let accepted = (report["phases"]?.array ?? []).compactMap { $0["accepted"]?.integer }
        #expect(accepted.count == 7)
        #expect(accepted.allSatisfy { $0 > 0 })
    }
}
