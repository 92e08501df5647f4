/**
 * The orders to this broker's replicas: LeaderAndIsr, StopReplica and UpdateMetadata from the controller, DescribeLogDirs
 * and AlterReplicaLogDirs from administrators. The controller's orders run one after another on the control plane's loop.
 */
package io.barnabas.broker.handler.replica;
