// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller.decide;

import io.barnabas.coordination.cluster.BrokerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Who came, who went, who did both in between (KIP-380), and who changed its address. */
public final class BrokerChangeDecider {
    private BrokerChangeDecider() {}

    /** Compares what is registered now with what was known. */
    public static Delta compare(Map<Integer, BrokerInfo> known, SortedMap<Integer, BrokerInfo> registered) {
        List<BrokerInfo> started = new ArrayList<>();
        List<BrokerInfo> bounced = new ArrayList<>();
        List<BrokerInfo> updated = new ArrayList<>();
        List<BrokerInfo> failed = new ArrayList<>();
        for (BrokerInfo now : registered.values()) {
            BrokerInfo before = known.get(now.id());
            if (before == null) {
                started.add(now);
            } else if (now.epoch() > before.epoch()) {
                bounced.add(now);
            } else if (!now.equals(before)) {
                updated.add(now);
            }
        }
        for (BrokerInfo before : known.values()) {
            if (!registered.containsKey(before.id())) {
                failed.add(before);
            }
        }
        return new Delta(started, bounced, updated, failed);
    }

    /**
     * The difference.
     *
     * @param started brokers that were not known
     * @param bounced brokers that are another incarnation of one known
     * @param updated brokers of the same incarnation that say something else of themselves
     * @param failed brokers that are gone, as they were known
     */
    public record Delta(
            List<BrokerInfo> started, List<BrokerInfo> bounced, List<BrokerInfo> updated, List<BrokerInfo> failed) {}
}
