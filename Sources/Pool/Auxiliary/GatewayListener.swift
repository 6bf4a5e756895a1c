import HTTP
import MergeMining
import Stratum

/// The gateway's address: merged mining for pool software that speaks to rskj or to an AuxPoW node.
final class GatewayListener: Sendable {
    /// With the port the system chose.
    let address: ListenAddress
    private let server: HTTPServer
    /// Of its listening socket: the address as it is configured, which may name port 0.
    let name: String

    /// Listens from here on.
    /// - Parameter former: what another process's gateway listened on.
    init(
        _ settings: PoolConfiguration.Gateway,
        set: AuxiliarySet?,
        submitter: AuxiliarySubmitter?,
        former: [FormerSocket] = []
    ) throws {
        guard let set, let submitter else {
            throw StartFailure("gateway: there is no auxiliary chain to offer; name one in auxiliaries, or write gateway: null")
        }
        guard !settings.users.isEmpty || settings.listen.isLoopback else {
            throw StartFailure("gateway.users: [] lets everybody in at \(settings.listen); name a user, or listen on a loopback address")
        }
        let users = settings.users.map { Gateway.User(user: $0.name, password: $0.password.revealed) }
        let gateway = Gateway(set, users: users) { solution, user in await submitter.relay(solution, user: user) }
        let listen = settings.listen
        name = "gateway \(listen)"
        server = try gateway.listen(.tcp(host: listen.host, port: listen.port), taking: former.socket(named: name))
        address = ListenAddress(host: listen.host, port: server.boundPort ?? listen.port)
    }

    /// Takes no more connections and gives up its listening socket; requests under way are answered.
    func handOver() -> FormerSocket? { server.handOver().map { FormerSocket(name: name, socket: $0) } }

    /// Takes no more requests; a solution that is on its way to its chain has a second to come back with an answer.
    func stop() async { await server.stop(grace: .seconds(1)) }
}
