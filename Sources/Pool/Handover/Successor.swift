import CLinux
import Glibc
import Stratum

/// The process that shall go on with this one's miners, as this one sees it.
struct Successor: Sendable {
    /// From its start until it must be ready.
    static let patience = Duration.seconds(30)

    let process: pid_t
    private let channel: HandoverChannel
    private let deadline: ContinuousClock.Instant

    /// Starts a program as this one was started, and waits until it could take over. Nothing has changed for anybody yet.
    static func start(_ program: String, configuration path: String) throws(UpgradeFailure) -> Successor {
        let deadline = ContinuousClock.now + patience
        do throws(HandoverChannel.Failure) {
            let (near, far) = try HandoverChannel.pair()
            let process: pid_t
            do throws(HandoverChannel.Failure) {
                // Held here any longer, it would hide the other process's end.
                defer { close(far.socket) }
                process = try spawn(program, ["run", "--config", path], at: far.socket)
            } catch {
                close(near.socket)
                throw error
            }
            return try Successor(process: process, channel: near, deadline: deadline).prepared()
        } catch {
            throw UpgradeFailure("\(program): \(error)")
        }
    }

    private func prepared() throws(HandoverChannel.Failure) -> Successor {
        do throws(HandoverChannel.Failure) {
            switch try channel.receive(until: deadline).message {
            case .prepared(HandoverStream.version): return self
            case .failed(let text): throw .refused(text)
            default: throw .unexpected
            }
        } catch {
            end()
            throw error
        }
    }

    /// Gives it all there is and waits until it stands ready. Before ``go()`` it neither hears nor tells anybody anything.
    func take(_ stream: HandoverStream) throws(UpgradeFailure) {
        let answer: HandoverChannel.Message
        do throws(HandoverChannel.Failure) {
            try channel.send(stream, until: deadline)
            answer = try channel.receive(until: deadline).message
        } catch {
            throw UpgradeFailure("\(error)")
        }
        switch answer {
        case .ready: return
        case .failed(let text): throw UpgradeFailure("\(HandoverChannel.Failure.refused(text))")
        default: throw UpgradeFailure("\(HandoverChannel.Failure.unexpected)")
        }
    }

    /// From here on the miners are its own.
    func go() { try? channel.send(.go) }

    /// It is to be no more when this returns: whatever it was given, this process goes on with alone.
    func end() {
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        channel.end()
    }

    private static func spawn(_ program: String, _ arguments: [String], at socket: Int32) throws(HandoverChannel.Failure) -> pid_t {
        var process = pid_t()
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        let code = linux_spawn(&process, program, &words, "\(HandoverChannel.variable)=\(HandoverChannel.inheritedSocket)", socket)
        guard code == 0 else { throw .system("cannot be started", code) }
        return process
    }
}

/// Why this process goes on itself, in one line for a person.
struct UpgradeFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
