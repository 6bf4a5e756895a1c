import HTTP
import Stratum

extension AdminServer {
    /// Listens as the configuration says.
    /// - Parameter former: what another process's administration listened on.
    convenience init(source: any AdminSource, _ configuration: PoolConfiguration, former: [FormerSocket] = []) throws {
        let admin = configuration.admin
        let token = try admin.tokenFile.map { try AdminToken.read($0) }
        try self.init(
            source: source,
            socketPath: admin.socket,
            listen: admin.listen,
            token: token,
            isPublic: admin.isPublic,
            former: former
        )
    }
}
