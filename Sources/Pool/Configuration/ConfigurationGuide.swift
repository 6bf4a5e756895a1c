/// `docs/configure.md`, written from the key table (`make docs`).
public enum ConfigurationGuide {
    public static var text: String {
        var text = """
            # Configuration

            <!-- Written by `make docs` from the key table in Sources/Pool/Configuration; changes belong there. -->

            `poold run --config FILE` reads one JSON5 file: comments, trailing commas and unquoted keys are welcome. `poold config` prints a full
            commented example, and `poold check --config FILE` tries everything that a file names.

            A key that is not known, a value of the wrong type or an impossible one ends the program with exit code 2; each message names the place in
            the file, the key, its value and what is allowed. Relative paths start at `data`.

            `poolctl reload`, or SIGHUP, reads the file again while the pool runs. Keys whose changes take effect *at once* are applied; of the others
            it says that they wait for a restart or an upgrade, and if anything in the file cannot stand, nothing is applied.

            A small pool needs three keys:

            ```json5
            {
                chain: "main",
                coinbase: { address: "YOUR ADDRESS" },
                nodes: [{ url: "http://127.0.0.1:8332", cookieFile: "/var/lib/bitcoind/.cookie" }],
            }
            ```


            """
        let root = ConfigurationTable.root.facts
        text += "## The file\n\n" + table(root)
        for key in root where !key.children.isEmpty { text += section(key, path: key.name) }
        return text
    }

    private static func section(_ key: KeyFacts, path: String) -> String {
        let path = key.shape == .list ? path + "[]" : path
        var text = "\n## \(path)\n\n\(key.text)\(status(key))\n\n" + table(key.children)
        for child in key.children where !child.children.isEmpty { text += section(child, path: "\(path).\(child.name)") }
        return text
    }

    private static func table(_ keys: [KeyFacts]) -> String {
        var text = "| key | allowed | default | takes effect | meaning |\n| --- | --- | --- | --- | --- |\n"
        for key in keys {
            let fallback =
                switch (key.fallback, key.shape) {
                case (nil, _): "must be given"
                case (.some(let fallback), .scalar): "`\(fallback)`"
                case (.some(let fallback), _) where fallback == "null" || fallback == "[]": "`\(fallback)`"
                default: "see below"
                }
            text += "| `\(key.name)` | \(cell(key.allowed)) | \(fallback) | \(change(key)) | \(cell(key.text + status(key))) |\n"
        }
        return text
    }

    private static func status(_ key: KeyFacts) -> String {
        switch key.availability {
        case .now: ""
        case .inert: " **Checked, but without effect in this version.**"
        case .refused: " **Not in this version yet: anything but the default is refused.**"
        }
    }

    private static func change(_ key: KeyFacts) -> String {
        switch key.change {
        case .whileRunning: "at once"
        case .atStart: "at a start"
        case .byItsKeys: "see below"
        }
    }

    private static func cell(_ text: String) -> String { text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
}
