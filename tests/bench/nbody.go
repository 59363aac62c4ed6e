// Floating point in memory: planets that pull each other.
package main

import "math"

type body struct{ x, y, z, vx, vy, vz, mass float64 }

const (
	sun = 4 * math.Pi * math.Pi
	day = 365.24
)

var bodies = []body{
	{0, 0, 0, 0, 0, 0, sun},
	{4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
		0.00166007664274403694 * day, 0.00769901118419740425 * day, -0.0000690460016972063023 * day,
		0.000954791938424326609 * sun},
	{8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
		-0.00276742510726411900 * day, 0.00499852801234917238 * day, 0.0000230417297573763929 * day,
		0.000285885980666130812 * sun},
	{12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
		0.00296460137564761618 * day, 0.00237847173959480950 * day, -0.0000296589568540237556 * day,
		0.0000436624404335156298 * sun},
	{15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
		0.00268067772490389322 * day, 0.00162824170038242295 * day, -0.0000951592254519715870 * day,
		0.0000515138902046611451 * sun},
}

func advance(dt float64) {
	for i := range bodies {
		b := &bodies[i]
		for j := i + 1; j < len(bodies); j++ {
			c := &bodies[j]
			dx, dy, dz := b.x-c.x, b.y-c.y, b.z-c.z
			square := dx*dx + dy*dy + dz*dz
			pull := dt / (square * math.Sqrt(square))
			b.vx -= dx * c.mass * pull
			b.vy -= dy * c.mass * pull
			b.vz -= dz * c.mass * pull
			c.vx += dx * b.mass * pull
			c.vy += dy * b.mass * pull
			c.vz += dz * b.mass * pull
		}
	}
	for i := range bodies {
		b := &bodies[i]
		b.x += dt * b.vx
		b.y += dt * b.vy
		b.z += dt * b.vz
	}
}

func energy() float64 {
	e := 0.0
	for i := range bodies {
		b := &bodies[i]
		e += b.mass * (b.vx*b.vx + b.vy*b.vy + b.vz*b.vz) / 2
		for j := i + 1; j < len(bodies); j++ {
			c := &bodies[j]
			dx, dy, dz := b.x-c.x, b.y-c.y, b.z-c.z
			e -= b.mass * c.mass / math.Sqrt(dx*dx+dy*dy+dz*dz)
		}
	}
	return e
}

func main() {
	var px, py, pz float64
	for _, b := range bodies {
		px += b.vx * b.mass
		py += b.vy * b.mass
		pz += b.vz * b.mass
	}
	bodies[0].vx, bodies[0].vy, bodies[0].vz = -px/sun, -py/sun, -pz/sun
	println(int64(energy() * 1e9))
	for range 3000000 {
		advance(0.001)
	}
	println(int64(energy() * 1e9))
}
