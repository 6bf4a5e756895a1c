import HTTP
import Stratum

/// `poold run`: a pool by its configuration, until it is told to stop.
public enum RunPool {
    /// Runs until SIGINT, SIGTERM or an operator's `stop`; SIGHUP and an operator's `reload` read the configuration anew.
    /// - Parameter path: where the configuration was read.
    public static func run(_ configuration: PoolConfiguration, path: String) async -> ExitCode {
        configuration.log.apply()
        let stop = StopSignal()
        let hangup = HangupSignal()
        do {
            let service = try PoolService(configuration) { stop.raise() }
            let admin = try AdminServer(source: service, configuration)
            service.allowReloads(from: path, admin)
            // What came of it is in the log.
            hangup.onHangup { _ = try? await service.reload() }
            await service.start()
            Console.line(service.addresses(admin).readyLine)
            await stop.wait()
            hangup.onHangup(nil)
            await admin.stop()
            await service.stop()
            return .done
        } catch {
            Console.complain("poold: \(StartFailure.text(of: error))")
            return .failure
        }
    }
}

extension AdminServer {
    /// Listens as the configuration says.
    convenience init(source: any AdminSource, _ configuration: PoolConfiguration) throws {
        let admin = configuration.admin
        let token = try admin.tokenFile.map { try AdminToken.read($0) }
        try self.init(source: source, socketPath: admin.socket, listen: admin.listen, token: token, isPublic: admin.isPublic)
    }
}

extension PoolService {
    func addresses(_ admin: AdminServer) -> Addresses {
        Addresses(
            stratum: server.addresses.first.flatMap { ListenAddress(parsing: $0.description) },
            admin: admin.address,
            gateway: gateway?.address,
            socket: admin.socketPath
        )
    }
}
