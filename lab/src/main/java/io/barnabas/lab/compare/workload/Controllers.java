// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.workload;

import io.barnabas.lab.compare.cluster.Cluster;
import io.barnabas.lab.compare.cluster.Product;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Who rules. */
final class Controllers {
    private Controllers() {}

    /** The broker that is controller, or leads the KRaft quorum. */
    static int current(Cluster cluster) throws InterruptedException, ExecutionException {
        try (Admin admin = Bench.asking(cluster)) {
            return cluster.product() == Product.KRAFT
                    ? admin.describeMetadataQuorum().quorumInfo().get().leaderId()
                    : admin.describeCluster().controller().get().id();
        }
    }
}
