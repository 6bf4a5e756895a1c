import Testing

@testable import Pool

@Suite("Log lines are what the pool wrote")
struct LogTests {
    private static let texts: [(String, String)] = [
        ("cgminer/4.12.0 of bcrt1q….rig-7", "cgminer/4.12.0 of bcrt1q….rig-7"),
        ("rig\n2026-11-21 00:00:00 err block: forged", "rig\\xa2026-11-21 00:00:00 err block: forged"),
        ("a\r\u{1b}[2Jb\u{0}\u{7f}", "a\\xd\\x1b[2Jb\\x0\\x7f"),
        // The second set of control characters has one that begins a terminal's command too.
        ("\u{9b}31m\u{85}", "\\x9b31m\\x85"),
        ("\u{2028}\u{2029}", "\\x2028\\x2029"),
        ("\u{202e}evil\u{2066}", "\\x202eevil\\x2066"),
        ("Grüße, 矿工 №7", "Grüße, 矿工 №7"),
    ]

    @Test("What came from a socket forges no line and steers no terminal", arguments: texts)
    func injection(text: String, shown: String) {
        #expect(Log.escaped(text) == shown)
    }
}
