/// What a walk along the key table has found so far.
struct ConfigurationWalk {
    private(set) var problems: [ConfigurationProblem] = []
    private var offsets: [Int] = []
    private let source: [UInt8]

    init(source: [UInt8]) { self.source = source }

    /// Notes that the value at `path` cannot stand.
    mutating func refuse(_ node: JSON5Node, at path: String, secret: Bool = false, _ reason: String) {
        add(path: path, value: secret ? "(hidden)" : node.value.brief, reason: reason, offset: node.offset)
    }

    /// Notes something wrong at `path` where no value is to be shown.
    mutating func add(path: String, value: String? = nil, reason: String, offset: Int?) {
        let place = offset.map(position(of:))
        problems.append(ConfigurationProblem(path: path, value: value, reason: reason, line: place?.line, column: place?.column))
        offsets.append(offset ?? .max)
    }

    /// All problems in the order of the file, then those without a place.
    var sorted: [ConfigurationProblem] {
        zip(offsets, problems).enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
    }

    private func position(of offset: Int) -> (line: Int, column: Int) {
        let before = source.prefix(offset)
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // Columns count characters: bytes that continue one do not count.
        return (1 + before.count { $0 == 0x0A }, 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 })
    }
}
