// SPDX-License-Identifier: Apache-2.0
/**
 * The broker's side of incremental fetch sessions (KIP-227): what a fetcher asks for is remembered, so that requests name
 * only what changed and answers only what is news. {@link io.barnabas.replica.session.FetchSessionCache} is the way in.
 */
package io.barnabas.replica.session;
