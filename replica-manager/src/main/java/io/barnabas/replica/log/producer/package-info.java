/** What a log remembers of its producers: sequences for idempotence, open transactions, and their snapshots. */
package io.barnabas.replica.log.producer;
