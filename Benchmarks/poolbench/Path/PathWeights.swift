import Glibc
import JSON

/// What the share path may weigh at most: instructions a share, allocations and references a turn of ``PathRig/shares``.
struct PathWeights {
    /// Instructions may grow by so much before it counts: compilers and C libraries differ a little.
    private static let tolerance = 1.05
    /// A turn may do so much once, however many shares it has; what is done for each share is nearly five times as much.
    private static let perTurn = 24.0

    private var figures: [String: [String: Double]] = [:]
    /// Whether instructions could be counted.
    private let hasInstructions: Bool

    init(_ counts: [PathStep: PathCounter.Counts], _ outcome: PathInstructions.Outcome) {
        var instructions: [PathStep: Double] = [:]
        if case .counted(let counted) = outcome { instructions = counted }
        hasInstructions = !instructions.isEmpty
        for step in PathStep.allCases {
            var row: [String: Double] = [:]
            if let count = instructions[step] { row["instructions"] = (count * 10).rounded() / 10 }
            if let count = counts[step] {
                let goes = Double(max(1, count.goes))
                row["allocations"] = Double(count.allocations) / goes
                row["references"] = Double(count.retains + count.releases) / goes
            }
            figures[step.rawValue] = row
        }
    }

    init(contentsOf path: String) throws {
        guard let file = fopen(path, "r") else { throw LoadFailure(description: "\(path) cannot be read") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        let json = try JSONValue(parsing: Array(bytes[..<count]))
        for (step, row) in json.object?.members ?? [] {
            figures[step] = Dictionary((row.object?.members ?? []).map { ($0.key, $0.value.double ?? 0) }, uniquingKeysWith: { $1 })
        }
        hasInstructions = true
    }

    func save(to path: String) throws {
        var object = JSONObject()
        for step in PathStep.allCases {
            let row = figures[step.rawValue] ?? [:]
            object[step.rawValue] = .object(JSONObject(row.sorted { $0.key < $1.key }.map { ($0.key, .real($0.value)) }))
        }
        guard let file = fopen(path, "w") else { throw LoadFailure(description: "\(path) cannot be written") }
        defer { fclose(file) }
        fputs(JSONValue.object(object).text(pretty: true) + "\n", file)
    }

    /// Holds these weights against committed ones.
    func check(against limits: PathWeights) -> (table: Table, isFine: Bool) {
        var table = Table(
            key: "check",
            title: "Against the committed weights",
            columns: ["step": "step", "what": "what", "now": "now", "limit": "limit", "verdict": "verdict"]
        )
        var isFine = true
        for step in PathStep.allCases {
            for what in ["instructions", "allocations", "references"] {
                guard let limit = limits.figures[step.rawValue]?[what] else {
                    isFine = false
                    table.rows.append([.text(step.rawValue), .text(what), .none, .none, .text("NO LIMIT")])
                    continue
                }
                guard let now = figures[step.rawValue]?[what] else {
                    table.rows.append([.text(step.rawValue), .text(what), .none, .real(limit, decimals: 1), .text("skipped")])
                    continue
                }
                // References and allocations: what is done once a turn may vary, what is done once a share is 112 times as much.
                let most = what == "instructions" ? limit * Self.tolerance + 1 : max(1.25 * limit, Self.perTurn)
                if now > most { isFine = false }
                table.rows.append([
                    .text(step.rawValue), .text(what), .real(now, decimals: 1), .real(most, decimals: 1), .text(now > most ? "HEAVIER" : "fine"),
                ])
            }
        }
        return (table, isFine)
    }
}
