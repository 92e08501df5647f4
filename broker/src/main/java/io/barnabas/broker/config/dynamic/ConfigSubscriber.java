// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.dynamic;

import io.barnabas.broker.config.BarnabasConfig;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;

/**
 * A room that can change its mind while it runs. Called by the thread that reads the coordination store, one change at
 * a time; must not block.
 */
public interface ConfigSubscriber {
    /** The keys it acts on; it hears of changes to these only. A listener's own keys count under their general name. */
    Set<String> keys();

    /**
     * Says whether a change could be made, and does nothing; also called for changes that are only tried out.
     *
     * @throws ConfigException if not
     */
    default void validate(BarnabasConfig before, BarnabasConfig after) {}

    /** Makes the change. */
    void changed(BarnabasConfig before, BarnabasConfig after);
}
