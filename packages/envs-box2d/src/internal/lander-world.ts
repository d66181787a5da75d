import { Box, Edge, Polygon, RevoluteJoint, World } from "planck";
import type { Body, Contact } from "planck";
import type { Corner } from "./ground.js";
import { HEIGHT, LEG_DROP, PIXELS, STEP_RATE, WIDTH } from "./metres.js";
import { requirePlanck } from "./require-planck.js";

/** The lander's outline around its middle, m. */
export const HULL: readonly (readonly [number, number])[] = (
  [[-14, 17], [-17, 0], [-17, -10], [17, -10], [17, 0], [14, 17]] as const
).map(([x, y]) => [x / PIXELS, y / PIXELS]);

/** A leg: half its width and height, and how far its middle is from the lander's, m. */
export const LEG = { width: 2 / PIXELS, height: 8 / PIXELS, away: 20 / PIXELS };

/** The first leg hangs on the right, the second on the left. */
const SIDES = [-1, 1] as const;
const LEG_TILT = 0.05; // rad
const LEG_SPRING = { maxMotorTorque: 40, motorSpeed: 0.3 }; // N m, rad/s
const LEG_RANGE = { most: 0.9, least: 0.9 - 0.5 }; // rad, outwards

/** Lander and legs touch the ground, and not each other. */
const HULL_BITS = { filterCategoryBits: 0x10, filterMaskBits: 0x1 };
const LEG_BITS = { filterCategoryBits: 0x20, filterMaskBits: 0x1 };

/** As Gymnasium asks of Box2D: far more than a game would. */
const VELOCITY_ITERATIONS = 6 * 30;
const POSITION_ITERATIONS = 2 * 30;

/** The bodies of one episode: the ground, the lander over the middle of it, and its two legs on springs. */
export class LanderWorld {
  readonly lander: Body;
  /** Whether each leg touches the ground: 0 or 1. */
  readonly legContacts: [number, number] = [0, 0];
  /** Whether the lander itself ever touched the ground. */
  crashed = false;
  private readonly world: World;
  private readonly legs: readonly Body[];

  /**
   * @param ground - From left to right.
   * @param gravity - Upwards, m/s²; negative.
   * @throws StateError where planck is of another version.
   */
  constructor(ground: readonly Corner[], gravity: number) {
    this.world = new World({ gravity: { x: 0, y: gravity } });
    this.layGround(ground);
    this.lander = this.hangLander();
    requirePlanck(this.lander);
    this.legs = SIDES.map((side) => this.hangLeg(side));
    this.world.on("begin-contact", (contact) => {
      if (touches(contact, this.lander)) this.crashed = true;
      this.noteLegs(contact, 1);
    });
    this.world.on("end-contact", (contact) => {
      this.noteLegs(contact, 0);
    });
  }

  /** A fiftieth of a second passes. */
  step(): void {
    this.world.step(1 / STEP_RATE, VELOCITY_ITERATIONS, POSITION_ITERATIONS);
  }

  private layGround(corners: readonly Corner[]): void {
    const moon = this.world.createBody();
    moon.createFixture({ shape: new Edge({ x: 0, y: 0 }, { x: WIDTH, y: 0 }) });
    for (let i = 1; i < corners.length; i++) {
      moon.createFixture({ shape: new Edge(corners[i - 1], corners[i]), friction: 0.1 });
    }
  }

  private hangLander(): Body {
    const lander = this.world.createBody({ type: "dynamic", position: { x: WIDTH / 2, y: HEIGHT } });
    const shape = new Polygon(HULL.map(([x, y]) => ({ x, y })));
    lander.createFixture({ shape, density: 5, friction: 0.1, restitution: 0, ...HULL_BITS });
    return lander;
  }

  private hangLeg(side: -1 | 1): Body {
    const position = { x: WIDTH / 2 - side * LEG.away, y: HEIGHT };
    const leg = this.world.createBody({ type: "dynamic", position, angle: side * LEG_TILT });
    leg.createFixture({ shape: new Box(LEG.width, LEG.height), density: 1, restitution: 0, ...LEG_BITS });
    const joint = new RevoluteJoint({
      bodyA: this.lander,
      bodyB: leg,
      localAnchorA: { x: 0, y: 0 },
      localAnchorB: { x: side * LEG.away, y: LEG_DROP },
      enableMotor: true,
      maxMotorTorque: LEG_SPRING.maxMotorTorque,
      motorSpeed: side * LEG_SPRING.motorSpeed,
      enableLimit: true,
      lowerAngle: side < 0 ? LEG_RANGE.least : -LEG_RANGE.most,
      upperAngle: side < 0 ? LEG_RANGE.most : -LEG_RANGE.least,
      referenceAngle: side * LEG_TILT, // the joint measures from how the leg hangs now
    });
    this.world.createJoint(joint);
    return leg;
  }

  private noteLegs(contact: Contact, touching: 0 | 1): void {
    this.legs.forEach((leg, i) => {
      if (touches(contact, leg)) this.legContacts[i] = touching;
    });
  }
}

function touches(contact: Contact, body: Body): boolean {
  return contact.getFixtureA().getBody() === body || contact.getFixtureB().getBody() === body;
}
