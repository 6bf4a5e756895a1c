import Accounting
import Bitcoin
import Glibc
import HTTP
import Hashing

// What the machine must give: an engine, files, folders, sockets.

extension Doctor {
    var engine: CheckLine {
        do {
            let choice = try HashEngine.chosen()
            guard choice.failed.isEmpty else {
                return .failed("engine", "\(choice)", remedy: "this processor or memory computes wrongly: do not mine on it")
            }
            return .ok("engine", "\(choice), self-test passed")
        } catch {
            return .failed("engine", "\(error)", remedy: "take POOL_SHA256 out of the environment, or name an engine that this machine has")
        }
    }

    /// Fewer open files than this are not worth a pool.
    static let fewestFiles: UInt64 = 1024

    var fileLimit: CheckLine {
        let limit = FileLimit.current
        let count = limit.hard == UInt64.max ? "no limit of" : "\(Units.count(Int(clamping: limit.hard)))"
        guard limit.hard >= Self.fewestFiles else {
            return .failed("open files", "\(count) open files", remedy: "raise the hard limit to 20000 or more (LimitNOFILE= in the systemd unit)")
        }
        return .ok("open files", "\(count) open files; each miner takes one")
    }

    // MARK: Folders

    /// The data folder, and that of the store where it is another.
    var folders: [CheckLine] {
        var folders = [(key: "data", path: configuration.data)]
        if case .sqlite(let path) = configuration.accounting.store {
            let folder = Self.folder(of: path)
            if folder != configuration.data { folders.append((key: "accounting.store", path: folder)) }
        }
        return folders.map { Self.check(folder: $0.path, key: $0.key) }
    }

    /// Whether the store is there, and is a ledger's.
    var store: CheckLine {
        do {
            return .ok("accounting.store", try Ledger.inspect(LedgerSettings(configuration)))
        } catch {
            return .failed("accounting.store", "\(error)", remedy: error.remedy)
        }
    }

    static func folder(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    static func check(folder: String, key: String) -> CheckLine {
        let remedy = "make it and give it to the pool's user: install -d -o USER \(folder)"
        var status = stat()
        guard stat(folder, &status) == 0 else {
            guard errno == ENOENT, let parent = nearestFolder(above: folder), access(parent, W_OK | X_OK) == 0 else {
                return .failed(key, "\(folder) is not there and cannot be made", remedy: remedy)
            }
            return .ok(key, "\(folder) is not there yet; the pool will make it")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return .failed(key, "\(folder) is no folder", remedy: "name a folder") }
        do {
            let time = try SyncProbe.time(in: folder)
            return .ok(key, "\(folder) can be written; a sync takes \(Units.digits(Double(time.microseconds) / 1000)) ms")
        } catch {
            return .failed(key, "\(error)", remedy: error.code == ENOSPC ? "make room on its file system" : remedy)
        }
    }

    private static func nearestFolder(above path: String) -> String? {
        var path = path
        while path != "/" {
            path = folder(of: path)
            if access(path, F_OK) == 0 { return path }
        }
        return nil
    }

    // MARK: Sockets

    /// - Parameter running: the pool that is there already.
    func socket(_ running: RunningPool?) async -> CheckLine {
        let path = configuration.admin.socket
        if running != nil { return .ok("admin.socket", "\(path) is held by the running pool, which answers") }
        let folder = Self.folder(of: path)
        // The pool makes its data folder first.
        if access(folder, F_OK) != 0, folder == configuration.data { return .ok("admin.socket", "\(path) can be made with the data folder") }
        do {
            let server = try HTTPServer(listen: .unix(path: path, mode: AdminServer.socketMode)) { _ in HTTPResponse(status: 503) }
            await server.stop()
            return .ok("admin.socket", "\(path) can be listened on")
        } catch {
            let remedy =
                if case .inUse = error { "what listens there does not answer as a pool does: see what it is (ss -xlp)" } else { error.remedy }
            return .failed("admin.socket", error.text, remedy: remedy)
        }
    }

    /// - Parameter running: the pool that is there already; what it listens on, its successor takes over.
    func port(_ key: String, _ address: ListenAddress, _ running: RunningPool?) async -> CheckLine {
        do {
            let server = try HTTPServer(listen: .tcp(host: address.host, port: address.port)) { _ in HTTPResponse(status: 503) }
            await server.stop()
            return .ok(key, "\(address) is free")
        } catch {
            if case .inUse = error, let running, running.holds(address.port) { return .ok(key, "\(address) is held by the running pool") }
            let remedy =
                if case .inUse = error { "stop what listens there (ss -ltnp shows it), or choose another port" } else { error.remedy }
            return .failed(key, error.text, remedy: remedy)
        }
    }

    func token(_ path: String) -> CheckLine {
        do {
            _ = try AdminToken.read(path)
            return .ok("admin.tokenFile", "\(path) holds a token")
        } catch {
            return .failed("admin.tokenFile", "\(error)", remedy: "openssl rand -hex 32 > \(path) && chmod 600 \(path)")
        }
    }
}

extension Address.Kind {
    /// As wallets call it.
    var name: String {
        switch self {
        case .p2pkh: "P2PKH"
        case .p2sh: "P2SH"
        case .p2wpkh: "P2WPKH"
        case .p2wsh: "P2WSH"
        case .p2tr: "P2TR"
        }
    }
}
