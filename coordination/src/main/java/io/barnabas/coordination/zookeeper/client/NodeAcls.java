// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.zookeeper.znode.ZnodePaths;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;

/**
 * Who may read and change a new node: everyone, or with {@code zookeeper.set.acl} its creator, as in Kafka.
 *
 * @param secure the value of {@code zookeeper.set.acl}
 */
record NodeAcls(boolean secure) implements ACLProvider {
    private static final List<String> SENSITIVE =
            List.of("/config/users", "/config/brokers", "/delegation_token/tokens");

    @Override
    public List<ACL> getDefaultAcl() {
        return getAclForPath("/");
    }

    @Override
    public List<ACL> getAclForPath(String path) {
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
