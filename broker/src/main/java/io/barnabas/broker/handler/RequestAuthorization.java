// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CLUSTER_ACTION;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Refuses requests whose whole needs an operation on the cluster that their client may not do. What depends on the
 * resources a request names (topics, groups, transactional ids) is for its handler to ask. Immutable.
 */
public final class RequestAuthorization {
    private final Authorization authorization;

    /** @param authorization decides */
    public RequestAuthorization(Authorization authorization) {
        this.authorization = authorization;
    }

    /** The refusal of a request; empty if it may go on to its handler. */
    public Optional<AbstractResponse> refusal(AbstractRequest request, RequestContext context) {
        if (authorization == Authorization.NONE) {
            return Optional.empty();
        }
        List<AclOperation> sufficient = sufficient(request.apiKey());
        boolean allowed = sufficient.isEmpty()
                || sufficient.stream()
                        .anyMatch(operation ->
                                authorization.allows(context, operation, ResourceType.CLUSTER, Resource.CLUSTER_NAME));
        return allowed
                ? Optional.empty()
                : Optional.ofNullable(request.getErrorResponse(
                        0,
                        new ClusterAuthorizationException("Request " + request.apiKey().name + " is not authorized.")));
    }

    /** The operations on the cluster of which one is enough; none where the request as a whole needs none. */
    private static List<AclOperation> sufficient(ApiKeys api) {
        return switch (api) {
            case LEADER_AND_ISR,
                    STOP_REPLICA,
                    UPDATE_METADATA,
                    CONTROLLED_SHUTDOWN,
                    ALTER_PARTITION,
                    ALLOCATE_PRODUCER_IDS -> List.of(CLUSTER_ACTION);
            case WRITE_TXN_MARKERS -> List.of(ALTER, CLUSTER_ACTION);
            case CREATE_ACLS,
                    DELETE_ACLS,
                    ALTER_REPLICA_LOG_DIRS,
                    ELECT_LEADERS,
                    ALTER_PARTITION_REASSIGNMENTS,
                    UPDATE_FEATURES,
                    ALTER_USER_SCRAM_CREDENTIALS -> List.of(ALTER);
            case DESCRIBE_ACLS, DESCRIBE_LOG_DIRS, LIST_PARTITION_REASSIGNMENTS, DESCRIBE_USER_SCRAM_CREDENTIALS ->
                List.of(DESCRIBE);
            case DESCRIBE_CLIENT_QUOTAS -> List.of(DESCRIBE_CONFIGS);
            case ALTER_CLIENT_QUOTAS -> List.of(ALTER_CONFIGS);
            default -> List.of();
        };
    }
}
