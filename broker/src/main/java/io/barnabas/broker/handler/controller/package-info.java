// SPDX-License-Identifier: Apache-2.0
/**
 * The requests the controller answers, its brokers' and its operators', and the creation of topics nobody asked for by name.
 * Each handler turns a request into the controller's words and its outcome into the answer Kafka gives in ZooKeeper mode.
 */
package io.barnabas.broker.handler.controller;
