// SPDX-License-Identifier: Apache-2.0
/** The words all floors share: broker, partition, leader-and-ISR, epochs, and the immutable picture of the cluster. */
package io.barnabas.coordination.cluster;
