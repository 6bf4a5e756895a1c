/// The live screen of `poold dev`: what a newcomer watches while the pool mines.
///
/// A pure picture of figures: the caller reads them and writes the lines.
struct LiveScreen: Sendable {
    struct Figures: Sendable {
        var version = ""
        var engine = ""
        var stratum = ""
        var admin = ""
        var socket = ""
        var uptime = 0.0
        /// Hashes per second of the built-in miner; nil without one.
        var minerHashrate: Double?
        /// Hashes per second by accepted shares, over one minute.
        var poolHashrate: Double = 0
        /// One value every two seconds, newest last.
        var history: [Double] = []
        var connections = 0
        var accepted: UInt64 = 0
        var rejected: UInt64 = 0
        var durability = ""
        var chains: [Chain] = []
        /// Newest last.
        var lastBlocks: [String] = []

        struct Chain: Sendable {
            var name: String
            var height: Int64
            var blocks: Int
            /// Seconds since the pool's last block there.
            var lastAge: Double?
        }
    }

    let figures: Figures
    let columns: Int
    /// False under NO_COLOR or where the terminal has none.
    let hasColor: Bool

    var lines: [String] {
        let figures = figures
        var lines = [
            "", "  \(bold("Motherlode")) \(figures.version) \(dim("· a pool on your own machine · up \(Units.duration(figures.uptime))"))", "",
        ]
        lines.append(
            row("hashrate", "\(bold(Units.hashrate(figures.poolHashrate)))  \(color(36, Sparkline.text(figures.history, width: sparkWidth)))")
        )
        if let rate = figures.minerHashrate {
            lines.append(row("miner", "\(Units.hashrate(rate)) \(dim("built in, scanning with \(figures.engine)"))"))
        }
        let refused = figures.rejected == 0 ? dim("none refused") : color(33, "\(figures.rejected) refused")
        lines.append(row("shares", "\(bold(String(figures.accepted))) accepted, \(refused) \(dim("· durability \(figures.durability)"))"))
        lines.append(row("miners", "\(figures.connections) connected"))
        lines.append("")
        lines.append(dim("  chain              height     blocks found   last block"))
        for chain in figures.chains {
            let age = chain.lastAge.map { Units.duration($0) + " ago" } ?? "none yet"
            lines.append(
                "  \(padded(chain.name, 16))\(padded(String(chain.height), -9))\(padded(String(chain.blocks), -17))   \(age)"
            )
        }
        lines.append("")
        for block in figures.lastBlocks.suffix(6) { lines.append("  \(color(32, "■")) \(block)") }
        lines.append("")
        lines.append(dim("  point a miner here   stratum+tcp://\(figures.stratum)   user: any regtest address"))
        if figures.admin != "-" { lines.append(dim("  look closer          http://\(figures.admin)/ or poolctl --socket \(figures.socket) status")) }
        lines.append(dim("  stop                 Ctrl-C"))
        return lines
    }

    private var sparkWidth: Int { max(8, min(60, columns - 36)) }

    private func row(_ name: String, _ value: String) -> String { "  \(dim(padded(name, 10)))\(value)" }
    /// Padded behind to a width, before it where the width is negative.
    private func padded(_ text: String, _ width: Int) -> String {
        let blank = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? blank + text : text + blank
    }

    private func bold(_ text: String) -> String { hasColor ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
    private func dim(_ text: String) -> String { hasColor ? "\u{1b}[2m\(text)\u{1b}[0m" : text }
    private func color(_ code: Int, _ text: String) -> String { hasColor ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }
}
