// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

import java.util.Map;

/**
 * The finalized features of the cluster, {@code /feature} (KIP-584).
 *
 * @param formatVersion 1 below IBP 3.3, 2 from there on
 * @param enabled whether feature versioning is on: IBP 2.7 or newer
 * @param features maximum finalized version by feature name; Kafka 3.9 in ZooKeeper mode knows none
 * @param version the node's version, {@link Versions#ABSENT} if there is no node
 */
public record FeatureSettings(int formatVersion, boolean enabled, Map<String, Short> features, int version) {
    /** No node at all. */
    public static final FeatureSettings ABSENT = new FeatureSettings(2, false, Map.of(), Versions.ABSENT);

    public FeatureSettings {
        features = Map.copyOf(features);
    }

    /** The same content at another version of the node. */
    public FeatureSettings withVersion(int newVersion) {
        return new FeatureSettings(formatVersion, enabled, features, newVersion);
    }

    /** Whether both say the same, whatever their node's version. */
    public boolean sameContent(FeatureSettings other) {
        return formatVersion == other.formatVersion && enabled == other.enabled && features.equals(other.features);
    }
}
