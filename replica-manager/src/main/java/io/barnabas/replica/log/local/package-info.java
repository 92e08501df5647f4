/** Logs on this broker's disks: {@link io.barnabas.replica.log.PartitionLog} and its manager put together. */
package io.barnabas.replica.log.local;
