/** The indexes of a segment in Kafka's file formats: offsets, timestamps, aborted transactions. */
package io.barnabas.replica.log.index;
