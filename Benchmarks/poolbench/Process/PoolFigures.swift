import Glibc

/// A pool's own figures, as its `/metrics` tells them.
struct PoolFigures {
    /// By name with its labels: `motherlode_connections_closed_total{reason="garbage"}`.
    private let values: [String: Double]

    init(from target: LoadTarget?) throws(LoadFailure) {
        guard let target else { throw LoadFailure(description: "the pool names no address for its figures") }
        let fd = try LoadSocket.connect(host: target.host, port: target.port, from: nil)
        defer { close(fd) }
        _ = fcntl(fd, F_SETFL, 0)
        ChildProcess.write("GET /metrics HTTP/1.1\r\nHost: \(target.host)\r\nConnection: close\r\n\r\n", to: fd)
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = recv(fd, &chunk, chunk.count, 0), count > 0 { text += chunk[..<count] }
        var values: [String: Double] = [:]
        for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) where line.hasPrefix("motherlode_") {
            guard let gap = line.lastIndex(of: " "), let value = Double(line[line.index(after: gap)...]) else { continue }
            values[String(line[..<gap])] = value
        }
        guard !values.isEmpty else { throw LoadFailure(description: "the pool shows no figures") }
        self.values = values
    }

    subscript(name: String) -> Int { Int(values[name] ?? 0) }

    /// A metric's labels' values with their counts; for metrics of one label.
    func counts(_ name: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for (key, value) in values where key.hasPrefix(name + "{") {
            let parts = key.split(separator: "\"")
            if parts.count > 1 { counts[String(parts[1])] = Int(value) }
        }
        return counts
    }
}
