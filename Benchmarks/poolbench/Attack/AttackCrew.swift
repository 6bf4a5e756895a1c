import Glibc
import JSON

/// A process of attackers, for one attack: ended with this value.
final class AttackCrew {
    /// The word behind `poolbench` that makes a process one of these.
    static let command = "attackers"

    private let process: ChildProcess

    /// Begins at once.
    init(_ order: AttackOrder) throws(LoadFailure) {
        process = try ChildProcess(ChildProcess.beside("poolbench"), [Self.command, order.json.text()])
    }

    /// Ends the attack.
    func end() throws(LoadFailure) -> AttackBook {
        process.say("end")
        guard let line = process.line(), let json = try? JSONValue(parsing: line) else {
            throw LoadFailure(description: "the attackers' process has gone")
        }
        return AttackBook(json: json)
    }

    /// What a process of attackers does, until it hears a word or nobody is there to say one.
    static func serve(_ text: String) -> Int32 {
        guard let order = (try? JSONValue(parsing: text)).flatMap(AttackOrder.init(json:)) else { return 2 }
        var attackers = (0..<order.attackers).map { Attacker($0, order) }
        var polled = [pollfd](repeating: pollfd(fd: -1, events: Int16(POLLIN), revents: 0), count: attackers.count)
        var control = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while poll(&control, 1, 2) == 0 {
            for index in attackers.indices { polled[index].fd = attackers[index].descriptor }
            _ = poll(&polled, nfds_t(polled.count), 0)
            let now = MonotonicClock.now
            for index in attackers.indices {
                if polled[index].fd >= 0, polled[index].revents != 0 { attackers[index].read() }
                attackers[index].act(at: now)
            }
        }
        var book = AttackBook()
        for attacker in attackers {
            var own = AttackBook()
            own[attacker.kind] = attacker.entry
            let others = book[attacker.kind].attackers
            book.merge(own)
            book[attacker.kind].attackers = others + 1
        }
        ChildProcess.write(book.json.text() + "\n", to: STDOUT_FILENO)
        return 0
    }
}
