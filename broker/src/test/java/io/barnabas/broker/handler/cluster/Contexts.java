// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.cluster;

import io.barnabas.broker.handler.RequestContext;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetAddress;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** A context for a request in a test. */
public final class Contexts {
    private Contexts() {}

    public static RequestContext of(AbstractRequest request) {
        return new RequestContext(
                new RequestHeader(request.apiKey(), request.version(), "client", 1),
                "127.0.0.1:9092-127.0.0.1:40000-0",
                InetAddress.getLoopbackAddress(),
                KafkaPrincipal.ANONYMOUS,
                "PLAINTEXT",
                SecurityProtocol.PLAINTEXT,
                "unknown",
                "unknown",
                ImmediateEventExecutor.INSTANCE);
    }
}
