/// What is held against a clock or a count. The loop's own steps make up the whole; the others are parts of them, done by themselves.
enum PathStep: String, CaseIterable {
    case wait, read, judge, store, reply, write
    case receive, frame, parse, hash, duplicates, handOver

    /// The steps of a turn.
    static let turn: [PathStep] = [.wait, .read, .judge, .store, .reply, .write]
}

/// Is told when a step begins and when it is over.
protocol PathMeter {
    mutating func begin()
    mutating func end(_ step: PathStep)
}

extension PathRig {
    /// A turn of the loop and every part by itself, once; how many shares were accepted.
    mutating func run(_ meter: inout some PathMeter) -> Int {
        send()
        meter.begin()
        wait()
        meter.end(.wait)
        meter.begin()
        read()
        meter.end(.read)
        meter.begin()
        judgeShares()
        meter.end(.judge)
        meter.begin()
        store()
        meter.end(.store)
        meter.begin()
        reply()
        meter.end(.reply)
        meter.begin()
        write()
        meter.end(.write)
        let accepted = receive()

        sendOnly()
        meter.begin()
        receiveOnly()
        meter.end(.receive)
        meter.begin()
        frame()
        meter.end(.frame)
        meter.begin()
        parse()
        meter.end(.parse)
        meter.begin()
        hash()
        meter.end(.hash)
        changeHashes()
        meter.begin()
        noteHashes()
        meter.end(.duplicates)
        meter.begin()
        handOver()
        meter.end(.handOver)
        return accepted
    }
}
