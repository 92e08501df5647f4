/** The leader epochs of a log and where each begins (KIP-101, KIP-279). */
package io.barnabas.replica.log.epoch;
