/** The small files beside the segments, in Kafka's exact formats: checkpoints, metadata and the clean shutdown marker. */
package io.barnabas.replica.log.checkpoint;
