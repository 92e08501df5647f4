// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler;

import java.util.Optional;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * A request whose outcome is known, before its answer is written.
 *
 * @param request what was asked
 * @param context who asked
 * @param requestBytes the size of its frame, without the four bytes of the size itself
 * @param response the answer; empty if there is none to send, or the handler failed
 */
public record CompletedRequest(
        AbstractRequest request, RequestContext context, int requestBytes, Optional<AbstractResponse> response) {}
