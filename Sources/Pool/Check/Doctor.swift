import Bitcoin

/// `poold check`: tries everything that a configuration names, before any miner depends on it.
///
/// It leaves nothing behind: sockets are closed again, the file it syncs is removed.
public struct Doctor: Sendable {
    let configuration: PoolConfiguration

    public init(_ configuration: PoolConfiguration) { self.configuration = configuration }

    /// Runs every check, and gives each line as it comes.
    public var lines: AsyncStream<CheckLine> {
        AsyncStream { continuation in
            let work = Task {
                for line in [engine, fileLimit] + folders + [store] { continuation.yield(line) }
                let running = await RunningPool(at: configuration.admin.socket)
                continuation.yield(await socket(running))
                for (key, address) in listeners { continuation.yield(await port(key, address, running)) }
                for line in certificates() { continuation.yield(line) }
                if let path = configuration.admin.tokenFile { continuation.yield(token(path)) }
                if let line = address { continuation.yield(line) }
                let works = await AuxiliaryCheck(configuration).run { continuation.yield($0) }
                for (index, node) in configuration.nodes.enumerated() {
                    await NodeCheck(node, key: "nodes[\(index)]", configuration, works).run { continuation.yield($0) }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    /// The address was read with the configuration; the line says what it is.
    private var address: CheckLine? {
        guard let payout = configuration.coinbase.payout, let text = configuration.coinbase.address else { return nil }
        return .ok("coinbase.address", "\(text) is a \(payout.kind.name) address of \(configuration.chain.rawValue)")
    }

    /// Every address that the pool would listen on, with its key.
    private var listeners: [(key: String, address: ListenAddress)] {
        var listeners = configuration.stratum.enumerated().map { (key: "stratum[\($0)].listen", address: $1.listen) }
        if let gateway = configuration.gateway { listeners.append((key: "gateway.listen", address: gateway.listen)) }
        if let admin = configuration.admin.listen { listeners.append((key: "admin.listen", address: admin)) }
        return listeners
    }
}

extension Doctor {
    /// Reads the configuration, examines it, and prints one line for each check.
    static func main(_ path: String) async throws(ConfigurationError) -> ExitCode {
        let configuration = try PoolConfiguration(contentsOf: path)
        let style = Style(hasColour: Console.wantsColour)
        Console.line(CheckLine.ok("configuration", "\(path) can be used").text(style))
        var checks = 1
        var failed = 0
        var warned = 0
        for await line in Doctor(configuration).lines {
            Console.line(line.text(style))
            checks += 1
            if !line.isOK { failed += 1 } else if line.remedy != nil { warned += 1 }
        }
        Console.line("")
        let warnings = warned == 0 ? "" : warned == 1 ? ", one with a warning" : ", \(warned) with a warning"
        Console.line(failed == 0 ? "all \(checks) checks passed\(warnings)" : "\(failed) of \(checks) checks failed")
        return failed == 0 ? .done : .failure
    }
}
