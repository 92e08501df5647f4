/**
 * The one place where Kafka's generated requests between brokers become our own words and back: a codec per request,
 * each at every version {@code inter.broker.protocol.version} can ask for.
 */
package io.barnabas.broker.protocol;
