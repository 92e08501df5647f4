// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/**
 * Says who may do what (KIP-504's Authorizer, as handlers see it). Called on event loops; must not block.
 */
@FunctionalInterface
public interface Authorization {
    /** Everybody may do everything: no {@code authorizer.class.name}. */
    Authorization NONE = (context, actions) -> Collections.nCopies(actions.size(), AuthorizationResult.ALLOWED);

    /** One answer for each action, in their order. */
    List<AuthorizationResult> authorize(RequestContext context, List<Action> actions);

    /** Whether one action is allowed; a refusal is logged for the auditor. */
    default boolean allows(RequestContext context, AclOperation operation, ResourceType type, String name) {
        return authorize(context, List.of(action(operation, type, name, true))).get(0) == AuthorizationResult.ALLOWED;
    }

    /**
     * Those resources on which an operation is allowed, in the order given.
     *
     * @param logRefusals false where the others are silently left out of an answer
     */
    default Set<String> allowed(
            RequestContext context,
            AclOperation operation,
            ResourceType type,
            Collection<String> names,
            boolean logRefusals) {
        List<Action> actions = names.stream()
                .map(name -> action(operation, type, name, logRefusals))
                .toList();
        Iterator<AuthorizationResult> results = authorize(context, actions).iterator();
        Set<String> allowed = new LinkedHashSet<>();
        for (String name : names) {
            if (results.next() == AuthorizationResult.ALLOWED) {
                allowed.add(name);
            }
        }
        return allowed;
    }

    private static Action action(AclOperation operation, ResourceType type, String name, boolean logRefusal) {
        return new Action(operation, new ResourcePattern(type, name, PatternType.LITERAL), 1, true, logRefusal);
    }
}
