/** One segment of a log: the file of batches, its indexes, and the ordered set of a log's segments. */
package io.barnabas.replica.log.segment;
