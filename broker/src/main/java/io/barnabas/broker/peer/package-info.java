/**
 * The client side between brokers: a Netty connection per peer and purpose, pipelined, bounded and with time-outs, and
 * what is built on it: the way to the controller and the leader end points of the fetchers.
 */
package io.barnabas.broker.peer;
