// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;

/** Who may read and change a new node: everyone, or with {@code zookeeper.set.acl} its creator, as in Kafka. */
final class NodeAcls {
    private static final List<String> SENSITIVE =
            List.of("/config/users", "/config/brokers", "/delegation_token/tokens");

    private final boolean secure;

    NodeAcls(boolean secure) {
        this.secure = secure;
    }

    List<ACL> of(String path) {
        if (!secure || path.equals(ZnodePaths.CONSUMERS)) {
            return ZooDefs.Ids.OPEN_ACL_UNSAFE;
        }
        if (SENSITIVE.stream().anyMatch(path::startsWith)) {
            return ZooDefs.Ids.CREATOR_ALL_ACL;
        }
        List<ACL> acls = new ArrayList<>(ZooDefs.Ids.CREATOR_ALL_ACL);
        acls.addAll(ZooDefs.Ids.READ_ACL_UNSAFE);
        return acls;
    }
}
