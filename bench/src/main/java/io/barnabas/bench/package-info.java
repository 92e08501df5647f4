// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of what every record batch passes through, a class for each piece; those of package-private pieces are in its package. */
package io.barnabas.bench;
