internal import HTTP
internal import JSON

extension NodeClient {
    /// Sends a block and calls `completion` once with what the node said, on the HTTP client's thread.
    ///
    /// Made for a thread that must not wait. The request leaves on that thread: over an open connection (`keepWarm`) its first bytes are out when this
    /// returns, about 100 µs later, and the HTTP client's thread sends the rest.
    public func submit(
        _ submission: BlockSubmission,
        timeout: Duration = .seconds(60),
        completion: @escaping @Sendable (SubmitOutcome) -> Void
    ) {
        let request: HTTPClientRequest
        do {
            var unsent = try self.request(timeout: timeout)
            unsent.bodyPieces = submission.pieces
            unsent.isUrgent = true
            request = unsent
        } catch {
            return completion(.notDelivered(error))
        }
        http.send(request) { [self] result in
            if case .success(let response) = result, let second = afterRefusal(response, of: request) {
                http.send(second) { completion(SubmitOutcome($0)) }
            } else {
                completion(SubmitOutcome(result))
            }
        }
    }

    /// Sends a block and waits for what the node says.
    public func submitBlock(_ submission: BlockSubmission, timeout: Duration = .seconds(60)) async -> SubmitOutcome {
        await withCheckedContinuation { continuation in
            submit(submission, timeout: timeout) { continuation.resume(returning: $0) }
        }
    }
}

extension SubmitOutcome {
    fileprivate init(_ result: Result<HTTPClientResponse, HTTPError>) {
        do throws(NodeError) {
            let response: HTTPClientResponse
            do {
                response = try result.get()
            } catch {
                throw NodeError(error)
            }
            switch try JSONRPC.result(of: response, id: nil) {
            case .null: self.init(result: nil)
            case .string(let words): self.init(result: words)
            case let other: throw .malformed("submitblock: \(other.kind)")
            }
        } catch {
            self.init(error)
        }
    }
}
