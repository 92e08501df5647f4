/**
 * Follower fetching: a loop per leader and fetcher id keeps local replicas equal to their leaders, and a mover copies
 * replicas between log directories. {@link io.barnabas.replica.fetch.ReplicaFetcherManager} is the way in; a local log
 * is seen through {@link io.barnabas.replica.fetch.FollowerLog}, a leader through
 * {@link io.barnabas.replica.fetch.LeaderEndPoint}.
 */
package io.barnabas.replica.fetch;
