// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.shard;

import io.barnabas.coordinator.group.JoinGroup.Protocol;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How many members can do which protocol, and which one they vote for. Owned by the group's shard. */
final class ProtocolSupport {
    private final Map<String, Integer> supporters = new HashMap<>();

    /** A member came, or comes back with these protocols. */
    void add(Member member) {
        member.protocols().forEach(protocol -> supporters.merge(protocol.name(), 1, Integer::sum));
    }

    /** A member left, or is about to change its protocols. */
    void remove(Member member) {
        for (Protocol protocol : member.protocols()) {
            supporters.computeIfPresent(
                    protocol.name(), (name, count) -> count == 1 ? null : Integer.valueOf(count - 1));
        }
    }

    /** Whether one of these can be done by all of {@code memberCount} members. */
    boolean isAnySupportedBy(int memberCount, List<Protocol> protocols) {
        return protocols.stream().anyMatch(protocol -> supporters.getOrDefault(protocol.name(), 0) == memberCount);
    }

    /** The protocol all can do that most members prefer; of several the one voted for first. */
    String select(Collection<Member> members) {
        Set<String> candidates = new LinkedHashSet<>();
        supporters.forEach((name, count) -> {
            if (count == members.size()) {
                candidates.add(name);
            }
        });
        Map<String, Integer> votes = new LinkedHashMap<>();
        members.forEach(member -> votes.merge(member.vote(candidates), 1, Integer::sum));
        String chosen = null;
        for (Map.Entry<String, Integer> vote : votes.entrySet()) {
            if (chosen == null || vote.getValue() > votes.get(chosen)) {
                chosen = vote.getKey();
            }
        }
        return chosen;
    }
}
