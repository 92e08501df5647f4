// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.broker.handler.RequestHandler;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;

/** Which handler answers which request API: at most one each. Immutable. */
public final class HandlerRegistry {
    private final Map<ApiKeys, RequestHandler<?>> handlers = new EnumMap<>(ApiKeys.class);

    /**
     * @param rooms what each room offers
     * @throws IllegalArgumentException if two handlers claim the same API
     */
    public HandlerRegistry(Collection<? extends Collection<? extends RequestHandler<?>>> rooms) {
        for (Collection<? extends RequestHandler<?>> room : rooms) {
            room.forEach(this::add);
        }
    }

    private void add(RequestHandler<?> handler) {
        RequestHandler<?> other = handlers.put(handler.api(), handler);
        if (other != null) {
            throw new IllegalArgumentException("both " + other.getClass().getName() + " and "
                    + handler.getClass().getName() + " answer " + handler.api().name);
        }
    }

    /** The handler of an API; empty if nobody answers it. The request's class must be that of the API. */
    @SuppressWarnings("unchecked") // a handler's api() names the class it takes
    public Optional<RequestHandler<AbstractRequest>> handler(ApiKeys api) {
        return Optional.ofNullable((RequestHandler<AbstractRequest>) handlers.get(api));
    }

    /** All APIs that are answered. */
    public Set<ApiKeys> apis() {
        return handlers.isEmpty() ? EnumSet.noneOf(ApiKeys.class) : EnumSet.copyOf(handlers.keySet());
    }
}
