// SPDX-License-Identifier: Apache-2.0
/** Measures Barnabas and its peers side by side: same machine, same heap, same client, in alternation. */
package io.barnabas.lab.compare;
