/// What a handler answers.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: HTTPBody

    public init(status: Int = 200, headers: HTTPHeaders = [:], body: HTTPBody = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public init(status: Int = 200, headers: HTTPHeaders = [:], contentType: String, bytes: [UInt8]) {
        self.init(status: status, headers: headers, body: .bytes(bytes))
        self.headers["Content-Type"] = contentType
    }

    /// Plain text in UTF-8.
    public init(status: Int = 200, text: String) {
        self.init(status: status, contentType: "text/plain; charset=utf-8", bytes: Array(text.utf8))
    }
}

/// The body of a response.
public enum HTTPBody: Sendable {
    case bytes([UInt8])
    /// Sent piece by piece as it comes; ends when the stream does.
    ///
    /// The next piece is asked for when the one before has gone out, so what a slow client cannot take waits in the stream: give that a bounded buffer.
    /// A client that went away is noticed at the next piece; send a comment line now and then.
    case stream(AsyncStream<[UInt8]>)
}
