import CLinux
import Glibc
import JSON

/// Many made-up miners on one thread.
struct LoadMiners: ~Copyable {
    private let order: LoadOrder
    private var miners: [LoadMiner] = []
    private let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    private var events = [linux_event](repeating: linux_event(), count: 256)
    private var readBuffer = [UInt8](repeating: 0, count: 64 << 10)
    private var writeBuffer: [UInt8] = []
    private var ready = 0
    private var isLoading = false
    /// At a fixed rate: since when, how many shares were due, and whose turn it is.
    private var loadingSince: UInt64 = 0
    private var due = 0
    private var turn = 0

    private var book = LoadBook()
    private var bookSince = MonotonicClock.now
    private var cpuSince = ThreadClock.now

    /// The token of what the benchmark says.
    private static let controlToken = UInt64.max

    init(_ order: LoadOrder) {
        self.order = order
        _ = linux_raise_file_limit()
    }

    deinit {
        for miner in miners { close(miner.fd) }
        close(poll)
    }

    /// A hundred connections at a time, so that no backlog overflows; returns when all have a job.
    mutating func connectAll() throws(LoadFailure) {
        let deadline = MonotonicClock.now + 120_000_000_000
        while miners.count < order.connections {
            for _ in 0..<min(100, order.connections - miners.count) { try connectOne() }
            while ready + book.closed < miners.count {
                guard MonotonicClock.now < deadline else {
                    throw LoadFailure(description: "\(miners.count - ready) of \(miners.count) connections got no job in time\(troubles)")
                }
                step(milliseconds: 50)
            }
            guard book.closed == 0 else {
                throw LoadFailure(description: "\(book.closed) connections were closed while shaking hands\(troubles)")
            }
        }
    }

    private var troubles: String { book.troubles.isEmpty ? "" : ": " + book.troubles.keys.sorted().joined(separator: ", ") }

    private mutating func connectOne() throws(LoadFailure) {
        // An address has some 28,000 ports; a few thousand are found at once.
        let source = order.host.hasPrefix("127.") ? order.firstSource + UInt32(miners.count / 4_000) : nil
        let fd = try LoadSocket.connect(host: order.host, port: order.port, from: source)
        LoadSocket.leaveNoTrace(fd)
        let number = miners.count
        let profile = order.profiles[number % order.profiles.count]
        miners.append(LoadMiner(fd: fd, worker: order.worker(number), profile: profile, inFlight: max(1, order.inFlight)))
        _ = linux_watch_edges(poll, fd, UInt64(number))
        miners[number].begin()
    }

    // MARK: What the benchmark says

    /// Obeys words from standard input, one a line, until it ends: `go` begins the load, `rest` ends it, `report` asks for the book and begins a
    /// new one.
    mutating func obey() {
        _ = linux_watch_level(poll, STDIN_FILENO, Self.controlToken)
        while step(milliseconds: isLoading && order.rate != nil ? 1 : 100) {}
    }

    private mutating func obeyWord() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
        guard count > 0 else { return false }
        for word in String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n") {
            switch word {
            case "go": startLoad()
            case "rest": isLoading = false
            case "report": say(takeBook().json.text())
            default: return false
            }
        }
        return true
    }

    private mutating func startLoad() {
        isLoading = true
        loadingSince = MonotonicClock.now
        due = 0
        _ = takeBook()
        guard order.rate == nil else { return }
        for index in miners.indices { refill(index) }
    }

    private mutating func takeBook() -> LoadBook {
        let (now, cpu) = (MonotonicClock.now, ThreadClock.now)
        var taken = book
        taken.seconds = Double(now - bookSince) / 1e9
        taken.cpu = (cpu - cpuSince) / 1e9
        (book, bookSince, cpuSince) = (LoadBook(), now, cpu)
        return taken
    }

    // MARK: One turn

    /// False when nobody wants the load any more.
    @discardableResult
    private mutating func step(milliseconds: Int32) -> Bool {
        let count = Int(max(0, events.withUnsafeMutableBufferPointer { linux_wait(poll, $0.baseAddress, 256, milliseconds) }))
        for index in 0..<count {
            let event = events[index]
            if event.token == Self.controlToken {
                guard obeyWord() else { return false }
                continue
            }
            if event.writable != 0, !miners[Int(event.token)].unsent.isEmpty { miners[Int(event.token)].sendUnsent() }
            if event.readable != 0 || event.ended != 0 { read(Int(event.token)) }
        }
        if isLoading, let rate = order.rate { sendDue(rate) }
        return true
    }

    private mutating func read(_ index: Int) {
        while true {
            let count = readBuffer.withUnsafeMutableBytes { recv(miners[index].fd, $0.baseAddress, $0.count, 0) }
            guard count > 0 else {
                if count == 0 || errno != EAGAIN {
                    _ = linux_unwatch(poll, miners[index].fd)
                    book.closed += 1
                }
                break
            }
            let now = MonotonicClock.now
            readBuffer.withUnsafeBufferPointer { bytes in
                miners[index].take(UnsafeBufferPointer(rebasing: bytes[..<count])) { news in Self.note(news, at: now, in: &book, &ready) }
            }
            if count < readBuffer.count { break }
        }
        if isLoading, order.rate == nil { refill(index) }
    }

    private static func note(_ news: LoadMiner.News, at now: UInt64, in book: inout LoadBook, _ ready: inout Int) {
        switch news {
        case .ready: ready += 1
        case .job(clean: true):
            book.cleanJobs += 1
            book.firstJobAt = min(book.firstJobAt, now)
            book.lastJobAt = max(book.lastJobAt, now)
        case .job:
            book.plainJobs += 1
            book.firstPlainJobAt = min(book.firstPlainJobAt, now)
        case .accepted(let sentAt):
            book.accepted += 1
            book.latency.add(now - min(now, sentAt))
        case .refused(let sentAt, let reason):
            book.refused[reason, default: 0] += 1
            book.latency.add(now - min(now, sentAt))
        case .trouble(let text): book.troubles[text, default: 0] += 1
        }
    }

    // MARK: Shares

    /// Sends shares until as many are under way as wished.
    private mutating func refill(_ index: Int) {
        guard miners[index].isReady, order.inFlight > 0, miners[index].hasRoom else { return }
        let now = MonotonicClock.now
        writeBuffer.removeAll(keepingCapacity: true)
        while miners[index].hasRoom { miners[index].writeShare(at: now, to: &writeBuffer) }
        miners[index].send(writeBuffer)
    }

    /// Sends what is due by the clock, a share a miner in turns. A share's time runs from when it was due, so that a slow pool cannot hide by
    /// slowing the load.
    private mutating func sendDue(_ rate: Double) {
        let elapsed = Double(MonotonicClock.now - loadingSince) / 1e9
        let target = Int(elapsed * rate)
        while due < target {
            let at = loadingSince + UInt64(Double(due) / rate * 1e9)
            due += 1
            turn = (turn + 1) % miners.count
            guard miners[turn].isReady, miners[turn].hasRoom else {
                book.troubles["a share was due while too many were under way", default: 0] += 1
                continue
            }
            writeBuffer.removeAll(keepingCapacity: true)
            miners[turn].writeShare(at: at, to: &writeBuffer)
            miners[turn].send(writeBuffer)
        }
    }

    private func say(_ text: String) { ChildProcess.write(text + "\n", to: STDOUT_FILENO) }
}
